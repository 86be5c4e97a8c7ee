"""Make documents in the background: a few at a time.

The maker of a document asks `gone` whether nobody waits for it any more, because its
page has gone or the server closes; it then soon raises `DocumentAbandoned`.
"""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from fastapi import Request

from experiments.app.requests import Refusal
from experiments.files.progress import Progress
from experiments.words.numerals import say

AT_A_TIME = 2
"""Documents that are made at a time; at 400 worlds each takes 180 MB meanwhile."""
MOST_WAITING = 20
MOST_KEPT = 2
"""Comparisons that are kept to make more documents of; each takes as much memory."""
LOOK_SECONDS = 0.05
PEN = threading.Lock()
"""Held while figures are drawn: their style is set for all threads at once."""

HasGone = Callable[[], bool]
Kept = TypeVar("Kept")


class DocumentAbandoned(Exception):
    """Nobody waits for the document any more."""


class DocumentMaker:
    """Threads that make documents while somebody waits for them."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Hashable, Any] = OrderedDict()
        self.lock = threading.Lock()
        self.pool = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="making")
        self.closing = False
        self.waiting = 0

    async def made(
        self, request: Request, language: str, make: Callable[[HasGone], bytes]
    ) -> bytes:
        """Return the result of `make`, run in the background.

        Raises `Refusal` if `MOST_WAITING` wait already, if the client goes, or if the
        server closes; `make` then does not start, or ends soon.
        """
        if self.waiting >= MOST_WAITING:
            raise Refusal(503, say("app_saving", language))
        gone = threading.Event()
        self.waiting += 1
        future = self.pool.submit(make, gone.is_set)
        try:
            while not (future.done() or self.closing):
                if await request.is_disconnected():
                    raise Refusal(499, ("gone", {}))
                await asyncio.sleep(LOOK_SECONDS)
            if self.closing:
                raise Refusal(503, say("app_closed", language))
            return future.result()
        finally:
            self.waiting -= 1
            gone.set()
            future.cancel()

    def keep(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return what `make` gives; it is kept for the `MOST_KEPT` keys used last."""
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return cast(Kept, self.kept[key])
        made = make()
        with self.lock:
            self.kept[key] = made
            while len(self.kept) > MOST_KEPT:
                self.kept.popitem(last=False)
        return made

    def close(self) -> None:
        """Stop making documents, and start no more."""
        self.closing = True
        self.pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def pen(gone: HasGone) -> Iterator[None]:
    """Hold the lock for drawing figures, `PEN`, inside a `with` block.

    Raises `DocumentAbandoned` if nobody waits for the drawing any more.
    """
    while not PEN.acquire(timeout=LOOK_SECONDS):
        go_on(gone)
    try:
        go_on(gone)
        yield
    finally:
        PEN.release()


class Watched(Progress):
    """Progress of work that ends soon after nobody waits for it any more."""

    def __init__(self, gone: HasGone) -> None:
        super().__init__("", quiet=True)
        self.gone = gone

    def __call__(self, done: int, total: int) -> None:
        go_on(self.gone)


def go_on(gone: HasGone) -> None:
    """Raise `DocumentAbandoned` if nobody waits any more."""
    if gone():
        raise DocumentAbandoned
