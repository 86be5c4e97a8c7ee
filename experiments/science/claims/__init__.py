"""The claims of the articles: a ledger, tests of them, and verdicts.

`ledger` holds the claims, written down before they were tested; `worlds` applies a
claim's contrast to random organisations; `testing` runs the tests; `verdicts` judges
the results; `alternatives` replaces the model's rules by others.
"""

from experiments.science.claims.ledger import Claim, ClaimError, claims, read_claims

__all__ = ["Claim", "ClaimError", "claims", "read_claims"]
