"""Reports: what a study says, once, for a page, slides, a workbook and tables.

`content` is what a report is made of, `analysis` measures what a comparison alone does
not tell, `building` puts both into sections; each document is one module that writes
them.
"""
