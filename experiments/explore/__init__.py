"""Sensitivity analysis and scenario discovery over all uncertain factors.

`sensing` screens all factors and computes variance-based indices of those that matter;
`policies` simulates policies over all factors, to find where they fail and what regret
they leave.
"""
