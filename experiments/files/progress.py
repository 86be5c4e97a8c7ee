"""A progress bar with the remaining time, on a terminal."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

SILENT_SECONDS = 2.0


class Progress:
    """A progress bar that appears when a task takes over two seconds.

    Nothing is shown with `quiet`, or if standard error is not a terminal. Call it with
    the number done and the total; what was done `earlier` is added to both.
    """

    def __init__(self, text: str, quiet: bool = False) -> None:
        self.text = text
        self.visible = not quiet and sys.stderr.isatty()
        self.done, self.total = 0, 1
        self.earlier = 0
        self._timer = threading.Timer(SILENT_SECONDS, self._show)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._bar: Any = None

    def __enter__(self) -> "Progress":
        if self.visible:
            self._timer.start()
        return self

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` are done."""
        done, total = self.earlier + done, self.earlier + total
        self.done, self.total = done, total
        with self._lock:
            if self._bar is not None:
                self._bar.update(self._bar.task_ids[0], completed=done, total=total)

    @contextmanager
    def stage(self, text: str) -> Iterator[None]:
        """Show another text, at once, until the context ends."""
        before, self.text = self.text, text
        if self.visible:
            self._timer.cancel()
            self._show()
        yield
        self.text = before
        with self._lock:
            if self._bar is not None:
                self._bar.update(self._bar.task_ids[0], description=before)

    def stop(self) -> None:
        """Show nothing any more, as for a command that asks questions."""
        self._timer.cancel()
        self.visible = False
        self.__exit__(None, None, None)

    def say(self, text: str) -> None:
        """Print a line on standard error, if progress is shown."""
        if self.visible:
            print(text, file=sys.stderr)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as Bar

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with self._lock:
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.add_task(self.text, completed=self.done, total=self.total)
            self._bar.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            if self._bar is not None:
                self._bar.stop()
