"""The story of a world: what happened in it, week by week, and how it ended.

`observing` lives one world and writes down its events, `picking` finds the median world
and those in which an answer fails, `wishes` follows what customers want until it is
done, `chronicle` selects and tells, `parting` lays two stories side by side, `page`
shows them beside the graph of people.
"""
