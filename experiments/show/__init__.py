"""Documents, and their output as text, page, slides, workbook, tables and folder."""
