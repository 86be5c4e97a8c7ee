"""A comparison or study as text, tables, figures and a folder of results."""
