"""Problems follow every edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.catalog import load_catalog
from engine.model.editing import add_tasks, connect, unique_name
from engine.model.job_map import Task, TaskType, empty_job_map
from ephemeral_gui.document.document import Document
from ephemeral_gui.document.live_problems import LiveProblems

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Until = Callable[[Callable[[], object]], Awaitable[None]]


def _add_unknown(document: Document) -> None:
    name = unique_name(document.job_map, "clip")
    document.change("Add", add_tasks(document.job_map, [Task(name, TaskType.FUNCTION, namespace="main.geo", method="clip")]))


async def test_that_an_edit_is_checked_within_a_fifth_of_a_second(until: Until) -> None:
    document = Document(connect(empty_job_map(), [("in", "out")]))
    problems = LiveProblems(document, load_catalog())
    problems.check_now()
    assert list(problems.found) == []
    _add_unknown(document)
    await until(lambda: problems.found)
    assert any("main.geo" in problem.message for problem in problems.found)
    document.undo_stack.undo()
    await until(lambda: not problems.found)


async def test_that_a_burst_of_edits_is_checked_once(until: Until) -> None:
    document = Document(connect(empty_job_map(), [("in", "out")]))
    problems = LiveProblems(document, load_catalog())
    checks: list[object] = []
    problems.changed.connect(checks.append)
    for _ in range(20):
        _add_unknown(document)
    await until(lambda: checks)
    assert len(checks) == 1
