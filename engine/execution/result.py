"""What a run gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from engine.execution.progress import RunStatus
from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from engine.execution.failure import Failure
    from engine.execution.progress import ProgressSnapshot


class Output(TypedDict):
    """What reached one output task: its payloads, in branch order."""

    id: str
    name: str
    type: str
    data: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RunResult:
    """The end of a run: everything that was reached, also where parts failed.

    Attributes:
        outputs: one entry for each output task, in the order of the job map.
        failures: the failed invocations, in branch order.
        abandoned: invocations whose bodies would not end after a cancel, as text.
        output_folder: where files were written; None where none were.
        warnings: sentences about what a person should know of this run.
    """

    run_id: str
    status: RunStatus
    outputs: list[Output]
    failures: tuple[Failure, ...]
    progress: ProgressSnapshot
    output_folder: Path | None = None
    abandoned: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """True where the run ended with every branch done."""
        return self.status is RunStatus.DONE
