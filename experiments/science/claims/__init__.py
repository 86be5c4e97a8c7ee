"""The claims of the articles: a ledger, tests of them, and verdicts.

`ledger` holds what was written down before; `worlds` lays a claim's contrast on
organisations at random, `verdicts` judges, `testing` carries it out, `alternatives`
puts other rules in the place of ours.
"""

from experiments.science.claims.ledger import Claim, ClaimError, claims, read_claims

__all__ = ["Claim", "ClaimError", "claims", "read_claims"]
