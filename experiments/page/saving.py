"""Make documents in the background: a few at a time, one per page.

The maker of a document asks `gone` whether nobody waits for it any more, because its
page has gone or the server closes; it then soon raises `DocumentAbandoned`.
"""

import asyncio
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from fastapi import Request

from experiments.page.requests import Refusal
from experiments.words.numerals import say

if TYPE_CHECKING:
    from experiments.page.sessions import PageQuestion

AT_A_TIME = 4
"""Documents that are made at a time; at 1,000 worlds each takes 230 MB meanwhile."""
MOST_STUDIES = 2
"""Comparisons that are kept to make more of, which take as much each."""
MOST_MADE = 16 * 2**20
"""Bytes of documents that a question keeps, to give them again."""
LOOK_SECONDS = 0.05
PEN = threading.Lock()
"""Held while figures are drawn: their style is set for all threads at once."""

HasGone = Callable[[], bool]


class DocumentAbandoned(Exception):
    """Nobody waits for the document any more."""


class Kind(NamedTuple):
    """Key of a document: number of worlds, language and name."""

    worlds: int
    language: str
    name: str


class DocumentCache:
    """Cache of documents; the least recently used are removed first."""

    def __init__(self) -> None:
        self.known: OrderedDict[Kind, bytes] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, kind: Kind) -> bytes | None:
        """Return a document, or None if it is not in the cache."""
        with self.lock:
            if kind in self.known:
                self.known.move_to_end(kind)
            return self.known.get(kind)

    def keep(self, kind: Kind, content: bytes) -> None:
        """Store a document, unless it is too large."""
        if len(content) > MOST_MADE:
            return
        with self.lock:
            self.known[kind] = content
            while sum(map(len, self.known.values())) > MOST_MADE:
                self.known.popitem(last=False)


class Saves:
    """Threads that make documents while somebody waits for them."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="saving")
        self.closing = False
        self.studied: list[weakref.ref[PageQuestion]] = []
        self.lock = threading.Lock()

    def hold(self, question: "PageQuestion") -> None:
        """Keep the comparison of a question; release those beyond `MOST_STUDIES`."""
        with self.lock:
            known = [one for x in self.studied if (one := x()) is not None]
            kept = [*(one for one in known if one is not question), question]
            for one in kept[:-MOST_STUDIES]:
                one.study = None
            self.studied = [weakref.ref(one) for one in kept[-MOST_STUDIES:]]

    async def made(
        self,
        request: Request,
        alone: threading.Lock,
        language: str,
        make: Callable[[HasGone], bytes],
    ) -> bytes:
        """Return the result of `make`; refuse if another document holds `alone`.

        If the client goes or the server closes, it does not start, or ends soon.
        """
        if not alone.acquire(blocking=False):
            raise Refusal(409, say("app_saving", language))
        gone = threading.Event()
        future = self.pool.submit(make, gone.is_set)
        future.add_done_callback(lambda _: alone.release())
        try:
            while not (future.done() or self.closing):
                if await request.is_disconnected():
                    raise Refusal(499, ("gone", {}))
                await asyncio.sleep(LOOK_SECONDS)
            if self.closing:
                raise Refusal(503, say("app_closed", language))
            return future.result()
        finally:
            gone.set()
            future.cancel()

    def close(self) -> None:
        """Stop making documents, and start no more."""
        self.closing = True
        self.pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def pen(gone: HasGone) -> Iterator[None]:
    """Hold `PEN`; raise `DocumentAbandoned` if nobody waits for the drawing."""
    while not PEN.acquire(timeout=LOOK_SECONDS):
        go_on(gone)
    try:
        go_on(gone)
        yield
    finally:
        PEN.release()


def go_on(gone: HasGone) -> None:
    """Raise `DocumentAbandoned` if nobody waits any more."""
    if gone():
        raise DocumentAbandoned
