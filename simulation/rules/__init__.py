"""The rules of the week, one file per submodel.

A rule is a small compiled function of arrays and indices; it holds the equations and
nothing else. Mesa agents call rules person by person; the ensemble calls the same rules
in one compiled function. No rule uses the name of a lever.
"""
