"""Describing scenario files as text and data, and writing new ones."""
