"""Advice: the effects of changes, and of combinations of them, on any organisation.

`moves` defines what can be changed and when, `branching` simulates many plans from one
start (today), `levers` ranks single moves and pairs, `plans` compares dated plans.
"""
