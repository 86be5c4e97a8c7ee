"""A stable sort in time linear in what is sorted, for rules, which allocate nothing."""

from simulation.compiled import rule


@rule
def sort_by(table, column, source, target, starts, size):
    """Write the numbers in row `source` into row `target`, sorted by a column.

    All are rows of the integers `table[rows, width]`. The numbers are positions in the
    row `column`, whose values are 0 or more. Equals stay in order. The row `starts` is
    working space: `width` is at least the largest value plus 2.
    """
    most = 0
    for k in range(size):
        most = max(most, table[column, table[source, k]])
    for value in range(most + 2):
        table[starts, value] = 0
    for k in range(size):
        table[starts, table[column, table[source, k]] + 1] += 1
    for value in range(most):
        table[starts, value + 1] += table[starts, value]
    for k in range(size):
        one = table[source, k]
        value = table[column, one]
        table[target, table[starts, value]] = one
        table[starts, value] += 1
