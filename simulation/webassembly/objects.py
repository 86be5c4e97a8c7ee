"""Compile the functions of the module into one object for WebAssembly.

`python -m simulation.webassembly.objects` reads a description of the module and writes
the object. `building.py` runs it in a process of its own, where numba only translates
rules, for no machine in particular (`SETTINGS`); LLVM optimises them for WebAssembly.
So the object hangs on the rules and on the versions of the compilers alone.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np

from simulation.compiling import Rule
from simulation.webassembly.exports import EXPORTS

SETTINGS = {
    "NUMBA_OPT": "0",
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "",
    "PYTHONHASHSEED": "0",
}
"""The environment in which objects are made."""
TRIPLE = "wasm32-unknown-unknown"
FEATURES = "+simd128,+bulk-memory,+sign-ext,+nontrapping-fptoint"
"""What machines must have: Chrome 91, Firefox 89, Safari 16.4 and Node 16 have it."""
RETURNED = numba.types.none, numba.types.int64, numba.types.uint64
"""What functions may return."""
SPEED = 2
"""How far LLVM goes for speed, 0 to 3: with 3 the module is larger, and no faster."""


def main() -> None:
    """Read a description from standard input and write the object to the output."""
    described = json.load(sys.stdin)
    sys.stdout.buffer.write(object_of(described))


def object_of(described: Mapping[str, Any]) -> bytes:
    """Return the object that has the functions of a description."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = llvm.Target.from_triple(TRIPLE).create_target_machine(
        cpu="generic", features=FEATURES, opt=SPEED, reloc="static"
    )
    module = llvm.parse_assembly("")
    module.triple, module.data_layout = TRIPLE, str(machine.target_data)
    for name, arguments in described["functions"].items():
        types = [_type(kind, n, described["records"]) for _, kind, n in arguments]
        module.link_in(_translated(name, types, module))
    for function in module.functions:
        if not function.is_declaration and function.name not in EXPORTS:
            function.linkage = llvm.Linkage.internal
    _optimise(module, machine)
    return machine.emit_object(module)


def _type(kind: str, dimensions: int, records: Mapping[str, Any]) -> Any:
    """Return numba's type of an argument of a description."""
    if not dimensions:
        return numba.from_dtype(np.dtype(kind))
    return numba.typeof(np.zeros((1,) * dimensions, _dtype(kind, records)))


def _dtype(kind: str, records: Mapping[str, Any]) -> np.dtype:
    if kind not in records:
        return np.dtype(kind)
    fields = records[kind]["fields"]
    formats, offsets = zip(*fields.values(), strict=True)
    return np.dtype(
        {
            "names": list(fields),
            "formats": formats,
            "offsets": offsets,
            "itemsize": records[kind]["size"],
        }
    )


def _translated(name: str, types: list, module: Any) -> Any:
    """Return a function of `EXPORTS` and all that it calls, in LLVM's language.

    What functions have in common is marked as the same. Raises TypeError for a function
    that returns something else than nothing or a whole number of 64 bits.
    """
    rule: Any = Rule(EXPORTS[name].rule.py_func)
    rule.compile(tuple(types))
    (compiled,) = rule.overloads.values()
    if compiled.signature.return_type not in RETURNED:
        raise TypeError(f"{name} returns {compiled.signature.return_type}")
    text = compiled.library.get_llvm_str()
    # WebAssembly knows no common symbols.
    translated = llvm.parse_assembly(text.replace(" common ", " linkonce "))
    translated.triple, translated.data_layout = module.triple, module.data_layout
    for function in translated.functions:
        if not function.is_declaration:
            function.linkage = llvm.Linkage.linkonce_odr
    function = translated.get_function(compiled.fndesc.llvm_func_name)
    function.name, function.linkage = name, llvm.Linkage.external
    return translated


def _optimise(module: Any, machine: Any) -> None:
    """Optimise a module for a machine; what nobody calls disappears."""
    options = llvm.create_pipeline_tuning_options(speed_level=SPEED)
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)


if __name__ == "__main__":
    main()
