"""Published evidence on organisations and people, and how the model compares.

`population` draws the mixed population behind published statistics. `people` simulates
it as a panel. `measures` and `worlds` measure published `patterns` in it. `calibration`
and `validation` compare the model with these patterns.
"""
