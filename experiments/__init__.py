"""What is done with the model: running, comparing, advising, fitting, judging, showing.

Rooms import downwards only; `orgsim` hands out the public names.
"""
