"""The what-if page: a small server on this machine, and the page that it serves.

`whatif` is what was asked, as the scenario files that the command line runs to the same
numbers; `runs` lives it in worlds that come one by one; `answers` and `steps` say what
came of it; `saving` makes documents aside, as `writing` writes them; `imports` takes
people and graphs in; `server` answers the page.
"""
