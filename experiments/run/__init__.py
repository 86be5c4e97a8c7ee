"""Worlds lived, studies carried out, and the store of their runs.

`living` lives worlds, on threads, processes (`workers`) or a `cluster`; `runner` runs
scenarios in them (`replicates`). `study_files` and `design_reading` read a file into a
`study`, `study_plans` tells which runs it lacks, `studying` runs these, `convergence`
judges when they are enough, and `study_outcomes` reads what came of them. The `store`
keeps runs in `shards`; `reproducing` runs them again. `row_cache` keeps rows of other
analyses; `parameter_sets` and `designs` draw where to simulate.
"""
