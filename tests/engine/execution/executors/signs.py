"""Signs by which tests know that a body runs, wherever that is; how often workers are killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.execution.events import TaskReported

if TYPE_CHECKING:
    from engine.execution.events import Event

OF_THE_RUN = ("no dask worker ", "the dask scheduler ")
"""How the run itself begins to say what a task waits for, as it does where workers take their time to start."""


KILLS = pytest.mark.parametrize("kills", [10, *(pytest.param(50, marks=pytest.mark.long, id=f"50-{part}-of-8") for part in range(1, 9))])
"""Ten kills of workers each time; in the long tier four hundred more, in parts that end before the time limit of a hang."""


def speaks(event: Event) -> bool:
    """Return whether a body says something: its own words, not the run's about it."""
    return isinstance(event, TaskReported) and is_of_body(event.text)


def is_of_body(text: str) -> bool:
    """Return whether a report is in the words of a body."""
    return bool(text) and not text.startswith(OF_THE_RUN)  # none: what it waited for is there
