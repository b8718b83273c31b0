"""What may be different from run to run of one job."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from engine.execution.announcer import Subscriber
    from engine.execution.recorder import Recorder
    from engine.tasks import Payload


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
        start_at: start at these tasks instead of the input, each once for each of its payloads: a single one on the trunk, several on a
            branch each. Only what stands behind them runs; joins behind them must get all their parents from there.
        end_after: run what leads to these tasks and nothing behind them. ``outputs`` of the result has one entry for each of them, with
            ``type`` ``function``, next to the outputs that the run reaches, in the order of the job map.
    """

    output: Path | None = None
    subscribers: Sequence[Subscriber] = ()
    recorder: Recorder | None = None
    dask: str | None = None
    fail_fast: bool | None = None
    max_concurrent: int | None = None
    start_at: Mapping[str, Sequence[Payload]] = field(default_factory=dict)
    end_after: Collection[str] = ()
