"""Fit the model to one's own organisation, without a likelihood.

`columns.toml` says what a file of data may hold; `data.py` reads it; `prior.py` has
what is not known; `worlds.py` lives worlds drawn from it; `summaries.py` reduces data
and worlds to the same statistics; `learning.py` finds what these tell and
`posterior.py` what remains; `checking.py` asks whether the model can make such data.

Approximate Bayesian computation with learnt statistics (Fearnhead & Prangle 2012) and
regression adjustment (Beaumont, Zhang & Balding 2002).
"""
