"""The atlas: every combination of some moves from one start (today).

`combinations` simulates them, `effects` computes exact effects, `steps` finds next
steps and orders, `text` tells all. Its explorer is in `experiments.share`.
"""
