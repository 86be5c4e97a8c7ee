"""Pages and records that are made from tables, and held to them by tests.

`python -m documents` writes them all. Nothing here is part of what is installed.
"""
