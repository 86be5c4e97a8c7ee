"""Intervals, paired comparisons, and shares of parameter sets."""
