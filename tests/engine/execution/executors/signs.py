"""Signs by which tests know that a body runs, wherever that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.execution.events import TaskReported

if TYPE_CHECKING:
    from engine.execution.events import Event

OF_THE_RUN = ("no dask worker ", "the dask scheduler ")
"""How the run itself begins to say what a task waits for, as it does where workers take their time to start."""


def speaks(event: Event) -> bool:
    """Return whether a body says something: its own words, not the run's about it."""
    return isinstance(event, TaskReported) and is_of_body(event.text)


def is_of_body(text: str) -> bool:
    """Return whether a report is in the words of a body."""
    return bool(text) and not text.startswith(OF_THE_RUN)  # none: what it waited for is there
