"""The graph of people: who meets whom, and how they are, in one simulated world.

`recorded` lives the world and keeps what is shown, `privacy` says who may be told
apart, `layout` gives everyone a place for all weeks, `picture` draws chosen weeks and
`slider` all of them; `text` tells it in sentences and tables.
"""
