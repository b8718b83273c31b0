"""Everything that is wrong with a job map file, its text, shape and meaning at once: also where the shape is spoiled in places."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.files import read_job_map
from engine.files.strict_json import read_json_file
from engine.model.job_map import from_file
from engine.problems import MOST_PROBLEMS_SHOWN
from engine.validation.validator import validate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.problems import Problem
    from engine.validation.subject import Definitions

_NEEDS_EVERY_TASK = frozenset(
    {
        "no-input",
        "no-output",
        "unreached-task",
        "dead-end",
        "waits-for-ever",
        "collect-needs-over",
        "collect-not-behind",
        "collect-of-others",
        "collect-too-late",
        "two-fan-outs",
    }
)
"""Findings that may only be there because a task or an edge could not be read."""


def check_file(path: Path | str, catalog: Definitions) -> list[Problem]:
    """Return every problem of a job map file in the order of its text, up to 100 where its shape is spoiled.

    What is spoiled is not complained of twice: of a task or value that could not be read nothing more is said.

    Raises:
        InputMissingError: there is no such file, or it cannot be opened.
        FileWriteError: reading failed midway.
    """
    document = read_json_file(path)
    job_map, spoiled = read_job_map(document)
    if job_map is None:
        return spoiled[:MOST_PROBLEMS_SHOWN]
    meant = validate(from_file(job_map, Path(path), document.text), catalog)
    if not spoiled:
        return meant
    both = [*spoiled, *(problem for problem in meant if not _follows_from(problem, spoiled))]
    return sorted(both, key=lambda problem: (problem.line or 0, problem.column or 0))[:MOST_PROBLEMS_SHOWN]


def _follows_from(problem: Problem, spoiled: Sequence[Problem]) -> bool:
    """Return whether the finding may be nothing but an echo of what could not be read."""
    if problem.code in _NEEDS_EVERY_TASK and any(_hides_a_task_or_edge(each.pointer) for each in spoiled):
        return True
    if problem.code == "unknown-task" and any(_hides_a_name(each.pointer) for each in spoiled):
        return True
    return any(_is_within(problem.pointer, _unreadable(each.pointer)) or _is_within(each.pointer, problem.pointer) for each in spoiled)


def _hides_a_task_or_edge(pointer: str) -> bool:
    steps = pointer.split("/")[1:]
    return steps[:1] == ["workflow"] or (steps[:1] == ["tasks"] and (len(steps) < 3 or steps[2] in ("name", "type")))


def _hides_a_name(pointer: str) -> bool:
    """Return whether tasks are lost with their names; one whose name alone is spoiled has none, and edges to it do lead nowhere."""
    steps = pointer.split("/")[1:]
    return steps[:1] == ["tasks"] and len(steps) < 3


def _unreadable(pointer: str) -> str:
    """Return the pointer of what is lost with a spoiled value: the whole task where its type is, else the value itself."""
    steps = pointer.split("/")
    return "/".join(steps[:3]) if steps[1:2] == ["tasks"] and steps[3:] == ["type"] else pointer


def _is_within(pointer: str, outer: str) -> bool:
    return pointer == outer or (outer != "" and pointer.startswith(f"{outer}/"))
