"""The size from which a group of people may be shown by itself."""

LEAST = 5
"""People below which the values of a group are not told apart from others'."""
