"""Advice: from any organisation, what each change and each combination of them does.

`moves` says what can be changed and when, `branching` lives many ways on from one
today, `levers` ranks single moves and pairs, `plans` compares dated ones.
"""
