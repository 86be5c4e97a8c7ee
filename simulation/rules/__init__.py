"""The rules of the week, one file per submodel.

A rule is a small compiled function over arrays and indices: it holds the equations
and nothing else. The Mesa agents call the same rules person by person that the
ensemble will run compiled. No rule knows the name of a lever.
"""
