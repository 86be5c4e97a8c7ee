"""Fitting the model to the user's own organisation by likelihood-free inference.

`columns.toml` defines the columns of a data file; `data.py` reads it; `prior.py` has
the prior of the unknowns; `worlds.py` simulates worlds drawn from it; `summaries.py`
reduces data and worlds to the same statistics; `learning.py` learns what these tell of
the unknowns; `posterior.py` computes the posterior; `checking.py` checks whether the
model can make such data.

The method is approximate Bayesian computation with learnt statistics (Fearnhead &
Prangle 2012) and regression adjustment (Beaumont, Zhang & Balding 2002).
"""
