"""The story of a world: what happened in it, week by week, and how it ended.

`observing` lives one world and writes down its `events`, which `changes` and
`lead_fates` read from its arrays; `hiding` decides what of them may be told. `picking`
finds the median world and one in which an answer fails. `wishes` follows what customers
want until it is done, `chronicle` selects and tells, `parting` lays two stories side by
side, `page` plays them over the graph of people.
"""
