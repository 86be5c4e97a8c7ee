"""Sessions: the files and question of one page, in a folder of its own.

A session is identified by a long random name that only its page has. All folders are in
one temporary folder, which is removed when the server closes.
"""

import hashlib
import json
import secrets
import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from experiments.compare.comparison import Comparison
from experiments.fit.troubles import told
from experiments.page.answers import answer_of
from experiments.page.asked import PageRequest
from experiments.page.own import OWN, OWN_FILE
from experiments.page.runs import PairedRuns, Workers
from experiments.page.saving import DocumentCache
from experiments.page.steps import MoveRanking, Ranker
from experiments.page.whatif import scenarios_in
from experiments.people.recorded import Recording
from simulation.scenario import ResolvedScenario

MOST_SESSIONS = 64
"""Sessions that are kept; of the idle ones the one used least lately goes first."""
IDLE_SECONDS = 10.0
"""Nobody works with a page that has asked nothing for so long, and saves nothing."""
MOST_ANSWERS = 2
"""Answers that a question keeps: the newest, and the one that may still be saved."""


class Full(Exception):
    """The number of sessions is at its limit, and all are in use."""


@dataclass
class PageQuestion:
    """A page's question: its request, its folder with scenario files, and its run.

    `number` counts the questions of a page. `own` are the files of the user's own
    organisation at the time of the question.
    """

    asked: PageRequest
    folder: Path
    scenarios: tuple[ResolvedScenario, ResolvedScenario]
    run: PairedRuns
    steps_key: str
    own: dict[str, bytes]
    number: int = 1
    steps: MoveRanking | None = None
    study: Comparison | None = None
    made: DocumentCache = field(default_factory=DocumentCache)
    recording: Recording | None = None
    recording_once: threading.Lock = field(default_factory=threading.Lock)
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    answering: threading.Lock = field(default_factory=threading.Lock)

    def is_but_for_worlds(self, asked: PageRequest, own: Mapping[str, bytes]) -> bool:
        """Whether another request differs from this one at most in its worlds."""
        same = replace(asked, worlds=self.asked.worlds) == self.asked
        return same and own == self.own

    def answer(self, worlds: int) -> dict[str, Any] | None:
        """Return the answer after this number of worlds, or None for 0 worlds."""
        if not worlds:
            return None
        with self.answering:
            if worlds not in self.answers:
                self.answers[worlds] = answer_of(self.run, worlds)
            while len(self.answers) > MOST_ANSWERS:
                del self.answers[next(x for x in self.answers if x != worlds)]
            return self.answers[worlds]


@dataclass
class Session:
    """One page: its own organisation (files by name), and its question.

    `sent` has the user's names of files being imported, by kind. `saving` is held while
    a document is made for it. `seen` is the time of its last request.
    """

    id: str
    folder: Path
    own: dict[str, bytes] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    question: PageQuestion | None = None
    seen: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)
    saving: threading.Lock = field(default_factory=threading.Lock)

    def is_idle(self, now: float) -> bool:
        """Whether nobody uses it: no question or no recent request, nothing to save."""
        quiet = self.question is None or now - self.seen > IDLE_SECONDS
        return quiet and not self.saving.locked()

    def prepared(
        self, asked: PageRequest, own: dict[str, bytes]
    ) -> tuple[Path, tuple[ResolvedScenario, ResolvedScenario]]:
        """Return a folder with all files of a request, and the two scenarios in it.

        Raises `TranslatedError` or `ScenarioError` with all mistakes.
        """
        if asked.base == OWN and OWN_FILE not in own:
            raise told("own_gone")
        folder = self.folder / f"question-{_digest(asked, own)}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in own.items():
            (folder / name).write_bytes(content)
        return folder, scenarios_in(asked, folder)


def _digest(asked: PageRequest, own: dict[str, bytes]) -> str:
    parts = [json.dumps(asdict(asked), sort_keys=True).encode(), *own.values()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


class Sessions:
    """All sessions, with the threads that simulate worlds and rank steps for them."""

    def __init__(self, folder: Path, threads: int) -> None:
        self.folder = folder
        self.known: dict[str, Session] = {}
        self.lock = threading.Lock()
        self.workers = Workers(threads)
        self.ranker = Ranker(self.workers)

    def begin(self, before: Any = None) -> Session:
        """Return a new session; if there are too many, end the stalest idle one.

        The new session takes over the organisation of session `before`, which the page
        had. Raises `Full` if all sessions are in use.
        """
        name = secrets.token_urlsafe(24)
        with self.lock:
            stale = self._stale() if len(self.known) >= MOST_SESSIONS else None
            old = self.known.get(before) if isinstance(before, str) else None
            own = dict(old.own) if old else {}
            session = self.known[name] = Session(name, self.folder / name, own)
            if stale is not None:
                del self.known[stale.id]
        session.folder.mkdir(parents=True)
        if stale is not None:
            self.stop(stale)
            shutil.rmtree(stale.folder, ignore_errors=True)
        return session

    def _stale(self) -> Session:
        """Return the idle session to end, preferably one without an organisation.

        Raises `Full` if none is idle.
        """
        now = time.monotonic()
        idle = [one for one in self.known.values() if one.is_idle(now)]
        if not idle:
            raise Full
        return min(idle, key=lambda one: (bool(one.own), one.seen))

    def find(self, name: Any) -> Session | None:
        """Return the session of that name, or None if there is none; note its use."""
        with self.lock:
            session = self.known.get(name) if isinstance(name, str) else None
            if session is not None:
                session.seen = time.monotonic()
            return session

    def ask(self, session: Session, asked: PageRequest) -> PageQuestion:
        """Start a page's request in place of its last one; return the question.

        A request that differs only in the number of worlds reuses those already
        simulated. On `InputError` or `ScenarioError` the last question stays.
        """
        with session.lock:
            own = dict(session.own) if asked.base == OWN else {}
            folder, scenarios = session.prepared(asked, own)
            self.stop(session)
            before = session.question
            if before is not None and before.is_but_for_worlds(asked, own):
                run = before.run.again(asked.worlds)
            else:
                run = PairedRuns(scenarios, asked.seed, asked.worlds)
            key = _digest(PageRequest(asked.base, asked.levers), own)
            key = f"{session.id if asked.base == OWN else ''}/{key}"
            key += f"/{asked.weeks}/{asked.seed}"
            self.ranker.retry(key)
            number = before.number + 1 if before else 1
            session.question = PageQuestion(
                asked, folder, scenarios, run, key, own, number
            )
            self.workers.add(run)
            return session.question

    def stop(self, session: Session) -> None:
        """Stop the run of a session, if it has one."""
        if session.question is not None:
            self.workers.drop(session.question.run)

    def steps(self, question: PageQuestion) -> MoveRanking:
        """Return the ranked steps from the as-is of a question."""
        return self.ranker.steps_of(
            question.steps_key,
            question.scenarios[0],
            question.asked.seed,
            self.folder / "steps",
        )

    def close(self) -> None:
        """Stop all workers and the ranker."""
        self.workers.close()
        self.ranker.close()
