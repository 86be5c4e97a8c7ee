"""The graph of people: who meets whom, and how they are, in one simulated world.

`recorded` simulates the world and records what is shown. `privacy` decides who may be
distinguished. `layout` gives everyone one place for all weeks. `picture` draws chosen
weeks, `slider` all of them. `text` describes the graph in sentences and tables.
"""
