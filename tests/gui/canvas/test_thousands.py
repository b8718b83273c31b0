"""What is done to thousands of tasks at once takes a time in proportion to their number."""

from __future__ import annotations

import gc
import itertools
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.files.nesting import count_members
from engine.model.job_map import Datasource, JobMap, Layout, Task, TaskType, new_task_key
from engine.problems import Problem
from ephemeral_gui.canvas import face
from ephemeral_gui.canvas.clipboard import copied_text, pasted

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import pytest

    from ephemeral_gui.canvas.face import Face


def chain(count: int) -> JobMap:
    """Return so many tasks in a row, of names that end in numbers."""
    names = [f"task {number}" for number in range(count)]
    task = Task("", TaskType.FUNCTION, namespace="text", method="double", consumes="integer", produces="integer")
    tasks = tuple(replace(task, name=name, key=new_task_key()) for name in names)
    positions = {name: (number * 224.0, 0.0) for number, name in enumerate(names)}
    wires = tuple(itertools.pairwise(names))
    return JobMap("Chain", Datasource("direct", {"content": {}}), tasks, wires, layout=Layout(positions))


def growth(work: Callable[[Any], object], few: Any, many: Any) -> float:
    """Return how many times as long it takes for four times as much: about 4 where it grows in proportion, 16 where by the square."""
    return _least_time(work, many) / _least_time(work, few)


def _least_time(work: Callable[[Any], object], what: Any) -> float:
    times = []
    for _ in range(3):
        gc.collect()
        start = time.thread_time()
        work(what)
        times.append(time.thread_time() - start)
    return min(times)


def test_that_pasting_grows_in_proportion() -> None:
    maps = [chain(500), chain(2_000)]
    texts = {id(job_map): copied_text(job_map, set(job_map.by_key)) for job_map in maps}
    assert growth(lambda job_map: pasted(job_map, texts[id(job_map)]), *maps) < 10


def test_that_copies_of_numbered_names_go_on_counting() -> None:
    job_map = chain(40)
    again = pasted(job_map, copied_text(job_map, set(job_map.by_key))).job_map
    assert len(again.by_name) == len(again.tasks) == 80
    assert [task.name for task in again.tasks[40:43]] == ["task", "task 40", "task 41"]
    thrice = pasted(again, copied_text(again, set(job_map.by_key))).job_map
    assert len(thrice.by_name) == 120


def test_that_counting_members_beside_an_object_of_many_keys_grows_in_proportion() -> None:
    def document(count: int) -> Any:
        return {"tasks": [{"name": "x", "init_args": {}}] * count, "layout": {"positions": {str(key): [0, 0] for key in range(count)}}}

    assert count_members(document(100), 305) == 2 + 100 * 2 + 1 + 100
    assert growth(lambda value: count_members(value, 0), document(2_000), document(8_000)) < 10


def test_that_problems_change_the_faces_of_those_alone_that_they_speak_of(
    open_canvas: Callable[[JobMap], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = open_canvas(chain(30))
    asked: list[str] = []

    def face_of(task: Task, *rest: Any, **fields: Any) -> Face:
        asked.append(task.name)
        return face.face_of(task, *rest, **fields)

    monkeypatch.setattr("ephemeral_gui.canvas.projection.face_of", face_of)
    first, other = (Problem(code="x", message="a flaw", task=name) for name in ("task 3", "task 5"))
    hands.canvas.show_problems([first, other])
    hands.canvas.show_problems([first])
    hands.canvas.show_problems([first])
    assert asked == ["task 3", "task 5", "task 5"]
    assert hands.item("task 3").face.has_error
    assert not hands.item("task 5").face.has_error
