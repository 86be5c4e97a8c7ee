"""Prepare the model in the background while the page opens."""

import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.page.sessions import Sessions


class Warming:
    """A thread that loads the model, and compiles it once for each machine.

    `sessions` is None until the model is ready; their folders are in `folder`.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        self.folder, self.threads = folder, threads
        self.sessions: Sessions | None = None
        self.compiling = False
        self.share = 0.0
        self.trouble = ""
        self.thread = threading.Thread(target=self._warm, name="warming", daemon=True)
        self.thread.start()

    def told(self) -> dict[str, Any]:
        """Return the progress as plain JSON values."""
        return {
            "ready": self.sessions is not None,
            "compiling": self.compiling,
            "share": self.share,
            "trouble": self.trouble,
        }

    def close(self) -> None:
        """Stop everything that runs."""
        if self.sessions is not None:
            self.sessions.close()

    def _warm(self) -> None:
        try:
            self._live_one()
            from experiments.page.sessions import Sessions

            self.sessions = Sessions(self.folder, self.threads)
        except Exception as error:
            traceback.print_exc()
            self.trouble = f"{type(error).__name__}: {error}"

    def _live_one(self) -> None:
        """Simulate one world, which compiles everything not compiled yet."""
        from simulation.compiled import UNCOMPILED, cache_folder, rules_compiled
        from simulation.ensemble.worlds import Job, live_world
        from simulation.scenario import read
        from simulation.scenario_unknown import founder_of

        def report(done: int, total: int) -> None:
            self.share = done / max(1, total)

        self.compiling = not (UNCOMPILED or any(cache_folder().glob("*.live-*.nbc")))
        with rules_compiled(report):
            live_world(Job(founder_of(read("baseline")), 0, 0, 8, 4))
