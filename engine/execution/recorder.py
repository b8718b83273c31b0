"""The seam between an invocation's end and everything that follows from it; durable runs will be put in here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from engine.execution.branch_path import BranchPath
    from engine.execution.failure import Failure
    from engine.tasks import Payload


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of one invocation, before anything follows from it.

    Attributes:
        payloads: what the body returned; of a generator, the one item that it just gave; empty for a failure.
        failure: why there is no result; None for a success.
        index: of a generator's item, its place; None otherwise.
    """

    task: str
    branch_path: BranchPath
    attempt: int
    payloads: tuple[Payload, ...] = ()
    failure: Failure | None = None
    index: int | None = None


class Recorder(Protocol):
    """Keeps what ended. It may batch: many invocations await it at once, and nothing follows from any of them until its call returned."""

    async def record(self, ended: Ended) -> Any:
        """Keep the end of an invocation. An exception from here ends the run."""
