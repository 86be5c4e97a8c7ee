"""How numba compiles rules: each once, and optimised where it is called from Python.

Numba compiles a function that others call once for each combination of literal
arguments. It optimises it by itself and again inside each caller, and emits machine
code and wrappers each time. Most rules are called only by other rules. Such a rule is
treated here as a part: it is typed and lowered once and linked into a whole, the rule
that Python calls, and only the whole is optimised and emitted. This halves the time to
compile several times over. It also lets LLVM see that nobody else calls a part, so that
it may inline it or drop its unused arguments.
"""

from collections.abc import Callable
from typing import Any

from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import (
    CompilerBase,
    DefaultPassBuilder,
    PassManager,
    _LowerResult,
)
from numba.core.compiler_machinery import register_pass
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import NativeLowering

OPTIONS = {"nopython": True, "nogil": True, "error_model": "numpy", "_nrt": False}
"""Options of numba. Arrays have no reference counts (`_nrt`): rules allocate no arrays,
and counting costs more time than most rules take. If a rule allocates, numba raises
"NRT required"."""


class _PartLibrary(JITCodeLibrary):
    """The code of a rule that other rules call; never optimised or emitted alone."""

    def finalize(self) -> None:
        self._raise_if_finalized()
        self._finalized = True

    @property
    def all_parts(self) -> list:
        """This library and all libraries that its code needs."""
        return list(dict.fromkeys([self, *self._linking_libraries]))


class _WholeLibrary(JITCodeLibrary):
    """The code of a rule that Python calls, with all parts that it calls."""

    def _optimize_final_module(self) -> None:
        parts = [x for x in self._linking_libraries if isinstance(x, _PartLibrary)]
        for part in dict.fromkeys(parts):
            for function in part._final_module.functions:
                if not function.is_declaration:
                    mine = self._final_module.get_function(function.name)
                    mine.linkage = "internal"
        super()._optimize_final_module()


def _new_library(kind: type, state: Any) -> None:
    state.library = kind(state.targetctx.codegen(), state.func_id.func_qualname)
    state.library.enable_object_caching()


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerPart(NativeLowering):
    """Lower a rule for other rules to call."""

    _name = "lower_part"

    def run_pass(self, state: Any) -> bool:
        _new_library(_PartLibrary, state)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state["cr"]
        # Numba finds the function to call by the identity of the one Python would call.
        key = object()
        libraries = state.library.all_parts
        state.targetctx.insert_user_function(key, lowered.fndesc, libraries)
        state["cr"] = _LowerResult(
            lowered.fndesc, lowered.call_helper, cfunc=key, env=lowered.env
        )
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerWhole(NativeLowering):
    """Lower a rule for Python to call."""

    _name = "lower_whole"

    def run_pass(self, state: Any) -> bool:
        _new_library(_WholeLibrary, state)
        return super().run_pass(state)


def _with_lowering(state: Any, lowering: type) -> list[PassManager]:
    manager = DefaultPassBuilder.define_nopython_pipeline(state)
    manager._finalized = False
    manager.passes = [
        (lowering, text) if step is NativeLowering else (step, text)
        for step, text in manager.passes
    ]
    manager.finalize()
    return [manager]


class _PartCompiler(CompilerBase):
    def define_pipelines(self) -> list[PassManager]:
        return _with_lowering(self.state, _LowerPart)


class _WholeCompiler(CompilerBase):
    def define_pipelines(self) -> list[PassManager]:
        return _with_lowering(self.state, _LowerWhole)


class _Part(CPUDispatcher):
    """A rule as other rules call it."""

    def add_overload(self, result: Any) -> None:
        self.overloads[tuple(result.signature.args)] = result


class Rule(CPUDispatcher):
    """A rule as Python calls it; inside other rules it stands for its part."""

    def __init__(self, function: Callable[..., Any]) -> None:
        whole = {**OPTIONS, "no_cfunc_wrapper": True}
        super().__init__(function, {}, whole, _WholeCompiler)
        part = {**whole, "no_cpython_wrapper": True}
        self.part = _Part(function, {}, part, _PartCompiler)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        args = tuple(types.unliteral(argument) for argument in args)
        return self.part.get_call_template(args, kws)

    def get_overload(self, sig: Any) -> Any:
        return self.part.get_overload(sig)
