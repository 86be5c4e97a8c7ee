"""Calls spread over worker processes; the death of one does not change results."""

import multiprocessing
import os
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.resource_tracker import ensure_running
from types import ModuleType
from typing import Any

from experiments.files import packing
from experiments.files.signals import STOPS
from simulation.processors import available


@dataclass(frozen=True)
class WorkerDeath:
    """Result of a call that killed its worker twice, the second time running alone."""

    message: str = "the process that ran it died; was it out of memory, or killed?"


def spread(
    function: Callable[..., Any],
    calls: Sequence[tuple],
    workers: int,
    first_alone: bool = False,
) -> Iterator[tuple[int, Any]]:
    """Yield (index, result) of each of `calls` as it ends, in any order.

    `calls` are tuples of arguments; `function` must return its errors instead of
    raising them. Functions and classes defined in the script, in a notebook or inside a
    function are sent to workers by value. With one worker or one call everything runs
    in this process. With `first_alone` the others start when the first has ended.
    Leaving the iteration early, also by Ctrl-C, kills the workers at once. Raises
    `InputError` for what cannot be sent to another process.
    """
    if workers <= 1 or len(calls) <= 1:
        yield from ((i, function(*arguments)) for i, arguments in enumerate(calls))
        return
    crew = _Crew(function, calls, min(workers, len(calls)))
    if first_alone:
        crew.alone.append(crew.waiting.popleft())
    try:
        while crew.busy:
            yield from crew.finished()
    except BaseException:
        crew.dismiss()
        raise
    crew.pool.shutdown()


def run_calls(
    function: Callable[..., Any],
    calls: Sequence[tuple],
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> list[Any]:
    """Return the result of a function for each of `calls`, in their order.

    The result of a call that killed its worker is None. The first error is raised.
    """
    results: list[Any] = [None] * len(calls)
    todo = [(function, *arguments) for arguments in calls]
    stream = spread(_attempted, todo, workers or available())
    for done, (k, (result, error)) in enumerate(map(_parted, stream), 1):
        if error is not None:
            raise error
        results[k] = result
        if progress:
            progress(done, len(calls))
    return results


def _attempted(function: Callable[..., Any], *arguments: Any) -> tuple[Any, Any]:
    """Return (result, None), or (None, error) if the function raises one."""
    try:
        return function(*arguments), None
    except Exception as error:
        return None, error


def _parted(ended: tuple[int, Any]) -> tuple[int, tuple[Any, Any]]:
    index, result = ended
    return index, (None, None) if isinstance(result, WorkerDeath) else result


class _Crew:
    """A pool of processes, rebuilt when one dies, and the calls still to be made.

    Which call killed a worker cannot be seen, so all calls that were running are
    suspects. They run again one at a time: only the guilty one kills a worker alone.
    """

    def __init__(
        self, function: Callable[..., Any], calls: Sequence[tuple], workers: int
    ) -> None:
        self.function = packing.pack(function)
        self.calls = calls
        self.workers = workers
        self.waiting = deque(range(len(calls)))
        self.alone: deque[int] = deque()
        self.flying: dict[Future, int] = {}
        self.deaths: Counter[int] = Counter()
        self.solo = False
        self.pool = _new_pool(workers)

    @property
    def busy(self) -> bool:
        return bool(self.waiting or self.alone or self.flying)

    def finished(self) -> list[tuple[int, Any]]:
        """Submit calls while there is room, wait, and return those that ended."""
        broken = not self._fill()
        if not broken:
            wait(self.flying, return_when=FIRST_COMPLETED)
            broken = any(_is_broken(f) for f in self.flying if f.done())
        if broken:
            wait(self.flying)
        ended = [f for f in self.flying if f.done()]
        pairs = [(self.flying.pop(f), f) for f in ended]
        sound = [(i, f.result()) for i, f in pairs if not _is_broken(f)]
        results = [(i, packing.unpack(packed)) for i, packed in sound]
        if broken:
            results += self._recover([i for i, f in pairs if _is_broken(f)])
        return results

    def _fill(self) -> bool:
        """Submit calls while there is room; return False if a worker has died."""
        while queue := self._next_queue():
            index = queue[0]
            arguments = packing.pack(self.calls[index])
            try:
                with _without_main(), _unheard():
                    future = self.pool.submit(packing.call, self.function, arguments)
            except BrokenProcessPool:
                return False
            except OSError:
                # A worker died while another was started: the pipe to it is closed.
                # The executor has no public way to tell this from a full system.
                if getattr(self.pool, "_broken", False):
                    return False
                raise
            self.flying[future] = index
            queue.popleft()
        return True

    def _next_queue(self) -> deque[int] | None:
        if self.alone and not self.flying:
            self.solo = True
            return self.alone
        self.solo = self.solo and bool(self.flying)
        room = not (self.alone or self.solo or len(self.flying) > self.workers)
        return self.waiting if room and self.waiting else None

    def _recover(self, fallen: list[int]) -> list[tuple[int, Any]]:
        self.dismiss()
        self.pool = _new_pool(self.workers)
        self.deaths.update(fallen)
        guilty = [i for i in fallen if self.solo and self.deaths[i] > 1]
        self.alone.extend(sorted(set(fallen) - set(guilty)))
        return [(i, WorkerDeath()) for i in guilty]

    def dismiss(self) -> None:
        """Kill the workers without waiting for their calls.

        The executor overlooks a worker that starts while another dies, and would then
        wait for it for ever.
        """
        # The executor has no public way to end its processes before Python 3.14.
        processes = list((getattr(self.pool, "_processes", None) or {}).values())
        self.pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()


def _is_broken(future: Future) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)


def _new_pool(workers: int) -> ProcessPoolExecutor:
    # Spawn fresh interpreters: a fork would copy locks that other threads hold.
    context = multiprocessing.get_context("spawn")
    with _unheard():
        return ProcessPoolExecutor(
            workers, mp_context=context, initializer=_start_worker
        )


def _start_worker() -> None:
    """Leave Ctrl-C and a closed terminal to the parent, and end with the parent."""
    for stop in STOPS:
        if stop != signal.SIGTERM:
            signal.signal(stop, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _unheard() -> Iterator[None]:
    """Block signals while workers start, until `_start_worker` sets their handling."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        ensure_running()  # starts a helper process, which unblocks some signals
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main script from workers while they start, so that they don't run it.

    A script that calls `compare` then needs no `if __name__ == "__main__"`. What the
    workers need of the script is sent to them by value.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
