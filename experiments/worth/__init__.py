"""What is worth finding out before choosing, and what would flip the choice.

`unknowns` reads what each simulated world drew for what is not known, and gathers it by
the question of the interview that would tell. `finding` works out what each answer is
worth, `flips` where another choice is better; `living` simulates until that is told.
`text`, `tables`, `figures` and `documents` say it.
"""
