"""Which unknown numbers decide, and where a policy fails.

`sensing` screens everything that is not known and takes apart what is left; `policies`
draws policies over it and looks where they fail and what they cost in regret.
"""
