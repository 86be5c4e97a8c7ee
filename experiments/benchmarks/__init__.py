"""How fast the model is, as ratios within one run: `python tasks.py benchmarks`."""
