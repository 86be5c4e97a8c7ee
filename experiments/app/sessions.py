"""Sessions: what one page has loaded and asked, in a folder of its own.

A session is known by a long random name that only its page has. All folders are in one
temporary folder, which goes when the server closes.
"""

import hashlib
import json
import secrets
import shutil
import threading
import time
from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from experiments.app.answers import answer_of
from experiments.app.asked import Asked
from experiments.app.own import OWN, OWN_FILE
from experiments.app.runs import Run, Workers
from experiments.app.saving import Made
from experiments.app.steps import Ranker, Steps
from experiments.app.whatif import scenarios_in
from experiments.comparison import Comparison
from experiments.errors import InputError
from experiments.people_graph.recorded import Recording
from simulation.scenario import Resolved

MOST_SESSIONS = 64
"""Sessions that are kept; the one that was used least lately goes first."""


@dataclass
class Question:
    """What a page has asked, its folder with scenario files, and its run.

    `own` are the files of one's own organisation as they were when it was asked about.
    """

    asked: Asked
    folder: Path
    scenarios: tuple[Resolved, Resolved]
    run: Run
    steps_key: str
    own: dict[str, bytes]
    steps: Steps | None = None
    study: Comparison | None = None
    made: Made = field(default_factory=Made)
    recording: Recording | None = None
    recording_once: threading.Lock = field(default_factory=threading.Lock)
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    answering: threading.Lock = field(default_factory=threading.Lock)

    def answer(self) -> dict[str, Any] | None:
        """Return the newest answer, None before the first."""
        with self.answering:
            worlds = self.run.told
            if worlds and worlds not in self.answers:
                self.answers = {worlds: answer_of(self.run, worlds)}
            return self.answers.get(worlds)


@dataclass
class Session:
    """One page: its own organisation (files by name), and its question.

    `sent` has the user's names of files that are being imported, by kind; `saving` is
    held while a document is made for it.
    """

    id: str
    folder: Path
    own: dict[str, bytes] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    question: Question | None = None
    seen: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)
    saving: threading.Lock = field(default_factory=threading.Lock)

    def prepared(
        self, asked: Asked, own: dict[str, bytes]
    ) -> tuple[Path, tuple[Resolved, Resolved]]:
        """Return a folder with all files of what is asked, and what they say.

        Raises `InputError` or `ScenarioError` with all mistakes.
        """
        if asked.base == OWN and OWN_FILE not in own:
            raise InputError(
                "base: no organisation of your own is loaded in this session; import,"
                " interview or load it again"
            )
        folder = self.folder / f"question-{_digest(asked, own)}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in own.items():
            (folder / name).write_bytes(content)
        return folder, scenarios_in(asked, folder)


def _digest(asked: Asked, own: dict[str, bytes]) -> str:
    parts = [json.dumps(asdict(asked), sort_keys=True).encode(), *own.values()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


class Sessions:
    """All sessions, and what lives worlds and ranks steps for them."""

    def __init__(self, folder: Path, threads: int) -> None:
        self.folder = folder
        self.known: OrderedDict[str, Session] = OrderedDict()
        self.lock = threading.Lock()
        self.workers = Workers(threads)
        self.ranker = Ranker(self.workers)

    def begin(self, before: Session | None = None) -> Session:
        """Return a new session; where there are too many, the stalest one ends.

        It goes on with the organisation of the session that the page had `before`.
        """
        name = secrets.token_urlsafe(24)
        own = dict(before.own) if before else {}
        session = Session(name, self.folder / name, own)
        session.folder.mkdir(parents=True)
        with self.lock:
            self.known[name] = session
            over = len(self.known) - MOST_SESSIONS
            stale = [self.known.popitem(last=False)[1] for _ in range(max(0, over))]
        for one in stale:
            self.stop(one)
            shutil.rmtree(one.folder, ignore_errors=True)
        return session

    def find(self, name: Any) -> Session | None:
        """Return the session of that name, None where there is none (any more)."""
        with self.lock:
            session = self.known.get(name) if isinstance(name, str) else None
            if session is not None:
                self.known.move_to_end(session.id)
            return session

    def ask(self, session: Session, asked: Asked) -> Question:
        """Begin with what a page asks, instead of what it asked before.

        Raises `InputError` or `ScenarioError`, and leaves what was asked before.
        """
        with session.lock:
            own = dict(session.own) if asked.base == OWN else {}
            folder, scenarios = session.prepared(asked, own)
            self.stop(session)
            run = Run(scenarios, asked.seed, asked.worlds)
            key = _digest(Asked(asked.base, asked.levers), own)
            key = f"{session.id if asked.base == OWN else ''}/{key}"
            key += f"/{asked.weeks}/{asked.seed}"
            self.ranker.retry(key)
            session.question = Question(asked, folder, scenarios, run, key, own)
            self.workers.add(run)
            return session.question

    def stop(self, session: Session) -> None:
        """Stop the run of a session, if it has one."""
        if session.question is not None:
            self.workers.drop(session.question.run)

    def steps(self, question: Question) -> Steps:
        """Return the steps from the as-is of a question."""
        return self.ranker.steps_of(
            question.steps_key,
            question.scenarios[0],
            question.asked.seed,
            self.folder / "steps",
        )

    def close(self) -> None:
        """Stop everything."""
        self.workers.close()
        self.ranker.close()
