"""Reports: the results of a study as one document for page, slides, workbook, tables.

A report is an `experiments.show.document.Document`. `analysis` measures what a
comparison alone does not show; `building` puts both into sections; modules of
`experiments.show` write each format.
"""
