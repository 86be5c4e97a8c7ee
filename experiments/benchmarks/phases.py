"""The share of each phase in the time of the compiled week."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from simulation.compiled import entry
from simulation.ensemble.live import STATE, compose, phase_lines
from simulation.founding import Founder
from simulation.week import WEEK


@intrinsic
def ticks(typingctx: Any) -> Any:
    """Return the processor's cycle counter."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(ir.IntType(64), ())
        name = "llvm.readcyclecounter"
        return builder.call(builder.module.declare_intrinsic(name, (), kind), [])

    return types.uint64(), generate


def timed_source() -> str:
    """Return the source of a function that adds the cycles of each phase to `clock`."""
    lines = [f"def live({', '.join(STATE)}, until, clock):"]
    lines += ["    while firm[0].week < until:", "        before = ticks()"]
    for k, phase in enumerate(WEEK):
        lines += [" " * 8 + line for line in phase_lines(phase.who, phase.rules)]
        lines += [
            "        now = ticks()",
            f"        clock[{k}] += now - before",
            "        before = now",
        ]
    return "\n".join([*lines, "        firm[0].week += 1"]) + "\n"


def shares(founder: Founder, worlds: int) -> list[tuple[str, float]]:
    """Return each phase and its share of the time, 0 to 1, the largest first.

    `worlds` worlds are timed, after one more that is not.
    """
    live = compose(timed_source(), ticks=ticks)
    clock = np.zeros(len(WEEK), np.uint64)
    for replicate in range(worlds + 1):
        state = founder.found(1, replicate)
        arrays = [getattr(state, name) for name in STATE]
        code = entry(live, *arrays, 0, clock)
        code(*arrays, founder.scenario.weeks, clock)
        if replicate == 0:
            clock[:] = 0
    part = clock / clock.sum()
    return [(WEEK[k].what, float(part[k])) for k in np.argsort(-part)]
