"""Benchmarks of the model, as ratios within one run: `python tasks.py benchmarks`."""
