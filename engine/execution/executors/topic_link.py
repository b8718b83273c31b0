"""What a body on a dask worker asks of its run and tells it: words to a topic of the scheduler's, and answers by a call."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from engine.errors import OutputError
from engine.execution.executors.cluster_place import CREDENTIALS, Place
from engine.execution.executors.this_worker import this_worker

if TYPE_CHECKING:
    from engine.execution.executors.host_thread import HostThread

GONE = "the run that it belongs to is gone"

HEARD_SECONDS = 30.0
"""Most time that a call waits until the scheduler knows that it begins."""


@dataclass(frozen=True, slots=True)
class RunName:
    """A run as workers know it.

    Attributes:
        topic: what the run listens to.
        client: identity of its dask client, by which the scheduler knows whether it is there.
    """

    topic: str
    client: str


@dataclass(frozen=True, slots=True)
class Request:
    """What comes with every call.

    Attributes:
        id: names the call.
        log_level: the level below which the run wants no records of tasks.
    """

    run: RunName
    id: str
    log_level: int


class TopicLink:
    """The link from a body to its run: words to a topic of the scheduler's, and answers by a call."""

    def __init__(self, request: Request, thread: HostThread) -> None:
        self._request = request
        self._thread = thread
        self._cancelled = False
        self._folder: Future[str] = Future()
        self._has_asked = False
        self._claiming = threading.Lock()
        self._claims: SimpleQueue[str | None] = SimpleQueue()

    @property
    def cancelled(self) -> bool:
        """Whether the invocation is to end."""
        return self._cancelled

    def cancel(self) -> None:
        """Let the body know, if it asks."""
        self._cancelled = True

    def give_up(self) -> None:
        """Nobody answers any more: whoever waits for it, or will, is told so."""
        self.cancel()
        self._has_asked = True
        self.answer("the output folder", GONE)
        self.answer_claim(GONE)

    def output_folder(self) -> Path:
        """Ask the run for its output folder."""
        if not self._has_asked:
            self._has_asked = True
            self.say("folder")
        return Path(self._folder.result())

    def answer(self, folder: str, flaw: str | None) -> None:
        """The run says where the folder is, or why there is none."""
        if self._folder.done():
            return
        if flaw is None:
            self._folder.set_result(folder)
        else:
            self._folder.set_exception(OutputError(folder, flaw))

    def claim(self, relative: str) -> None:
        """Ask the run for a file that this invocation alone writes."""
        with self._claiming:  # bodies may ask from several threads, and each answer is to one of them
            self.say("claim", relative)
            complaint = self._claims.get()
            if complaint == GONE:
                self._claims.put(complaint)  # for the next who asks
        if complaint is not None:
            raise ValueError(complaint)

    def answer_claim(self, complaint: str | None) -> None:
        """The run says why the invocation cannot have a file; None where it can."""
        self._claims.put(complaint)

    def report_progress(self, fraction: float, text: str) -> None:
        """Pass on how far the invocation is."""
        self.say("progress", fraction, text)

    def dask_place(self) -> Future[Place]:
        """Return where the scheduler of this worker is: the run's own. From now on the body does not hold the place of others."""
        worker = this_worker()
        found: Future[Place] = Future()
        credentials = {name: value for name in CREDENTIALS if (value := getattr(worker.security, name))}
        found.set_result(Place(worker.scheduler.address, credentials if len(credentials) == len(CREDENTIALS) else {}))
        self._thread.step_aside()
        return found

    def say(self, kind: str, *words: Any) -> None:
        """Tell the run something."""
        with suppress(Exception):  # the scheduler is gone: so is the run
            this_worker().log_event(self._request.run.topic, self._message(kind, words))

    def begin(self) -> None:
        """Tell the run that the call begins here, and wait until the scheduler knows: the body may be the end of this process."""
        worker = this_worker()
        asking = worker.scheduler.log_event(topic=self._request.run.topic, msg=self._message("started", (worker.address,)))
        with suppress(Exception):  # as above
            asyncio.run_coroutine_threadsafe(asking, worker.loop.asyncio_loop).result(HEARD_SECONDS)

    def _message(self, kind: str, words: tuple[Any, ...]) -> dict[str, Any]:
        return {"id": self._request.id, "kind": kind, "words": words}
