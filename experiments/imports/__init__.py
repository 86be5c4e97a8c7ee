"""Organisations as other systems export them, translated into orgsim's own files.

`sheets.py` reads tables; `heads.py` tells what columns hold and `vocabulary.py` what
titles and departments mean; what cannot be guessed stands in a `mapping.py`. From
these, `employees.py` and `positions.py` make people, `contacts.py` makes ties, and
`translating.py` all of it. `measures.py` and `document.py` tell about the network.
"""
