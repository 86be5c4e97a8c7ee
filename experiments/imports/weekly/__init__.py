"""Weekly data as the user's own systems export them, made ready for a fit.

`reading.py` reads all files and joins them by week. `kinds.py` tells what a file has;
`export_rows.py` leaves out what is no row; `days.py` reads days; `counting.py` counts
rows by week, and `absence.py` people who are away. `weekly_tables.py` reads files with
a row for each week. What cannot be guessed is asked as in the import of people
(`questions.py`), and `understood.py` tells all of it.
"""
