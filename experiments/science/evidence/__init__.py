"""What is known of organisations and people, and how the model answers to it.

`population` draws the mixed population that statistics come from, `people` lives it as
a panel, `measures` and `worlds` read published `patterns` off it, `calibration` and
`validation` set the model beside them.
"""
