"""The server of `orgsim app`: the page that runs the model, with what needs Python.

The page is that of `experiments.share`; the model runs in the browser. The server keeps
nothing of it: each request brings all that it is about. `organisations` reads scenario
files, exports and interviews; `documents` makes reports, slides and other files, in the
background as `making` does it and as `writing` writes them. `server` has the routes.
"""
