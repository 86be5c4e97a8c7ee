"""The atlas: every combination of some moves from one today, and what it tells.

`combinations` lives them, `effects` takes them apart exactly, `steps` finds next steps
and orders, `explorer` writes them as one page that works offline.
"""
