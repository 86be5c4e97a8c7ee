"""Figures: style, fonts, and the kinds of chart."""
