"""The what-if page: a small local server, and the page that it serves.

`whatif` writes a request as scenario files, which give the same numbers on the command
line. `runs` simulates them world by world. `answers` and `steps` report the results.
`saving` makes documents in the background, as `writing` writes them. `imports` imports
people and graphs. `server` answers the page.
"""
