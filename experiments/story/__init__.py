"""The story of a world: what happened in it, week by week, and how it ended.

`observing` lives one world and writes down its `events`, which `changes` and
`lead_fates` read from its arrays; `hiding` decides what of them may be told. `picking`
finds the median world and one in which an answer fails, `which` says why. `ways` tells
what the ways of working are, `ledger` sums up what happened, `causes` why work did good
or harm, `following` some items from beginning to end in `moments`, `parting` in what
two worlds differ, `concluding` what they teach. `wishes` follows what customers want
until it is done; `chronicle` selects what is told of each of the `quarters`; `page`
plays it all over the graph of people.
"""
