"""What may be different from run to run of one job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.execution.announcer import Subscriber
    from engine.execution.recorder import Recorder


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """The options of ``Job.start`` and ``Job.run``.

    Attributes:
        output: the folder to write to; None for a new one below ``runs``, made only when something is written.
        subscribers: told of every event; without any, no events are made.
        recorder: awaited between an invocation's end and all that follows from it.
        dask: address of a dask scheduler; None for the environment's, else an embedded cluster.
        fail_fast: end the run at its first failure; None for what the job map says.
        max_concurrent: most invocations at once; None for what the job map says.
    """

    output: Path | None = None
    subscribers: Sequence[Subscriber] = ()
    recorder: Recorder | None = None
    dask: str | None = None
    fail_fast: bool | None = None
    max_concurrent: int | None = None
