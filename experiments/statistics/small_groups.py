"""The least group of people of which values are told by themselves."""

LEAST = 5
"""People below which the values of a group are not told apart from others'."""
