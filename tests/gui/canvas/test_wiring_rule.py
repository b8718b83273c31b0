"""The rule that says whether a wire may be, as a pure function."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from engine.model import editing
from engine.model.job_map import Collect, Join, Task, TaskType
from ephemeral_gui.canvas import wiring

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.catalog import Catalog
    from engine.model.job_map import JobMap


def why(job_map: JobMap, catalog: Catalog, source: str, target: str) -> str | None:
    return wiring.refusal(job_map, job_map.by_name[source].key, job_map.by_name[target].key, catalog)


@pytest.mark.parametrize(("source", "target"), [("count", "double"), ("in", "double"), ("read", "out"), ("double", "out")])
def test_that_fitting_wires_are_allowed(small_map: JobMap, catalog: Catalog, source: str, target: str) -> None:
    assert why(small_map, catalog, source, target) is None


def test_that_a_collect_takes_any_type_as_a_map_or_list(small_map: JobMap, catalog: Catalog, make_task: Callable[..., Task]) -> None:
    tasks = [
        make_task("gather", "report", consumes="map", collect=Collect()),
        make_task("by", "report", consumes="list(integer)", join=Join.BY_TASK),
    ]
    job_map = editing.add_tasks(small_map, tasks)
    assert why(job_map, catalog, "count", "gather") is None
    assert why(job_map, catalog, "count", "by") is None
    narrow = editing.add_tasks(small_map, [make_task("gather", "count", collect=Collect())])
    assert why(narrow, catalog, "double", "gather") == "“gather” gathers payloads: it must take map, any or list, not list(string)"


def test_that_a_type_that_other_wires_need_is_not_changed(small_map: JobMap, catalog: Catalog, make_task: Callable[..., Task]) -> None:
    job_map = editing.add_tasks(small_map, [make_task("convert", "convert"), make_task("plot", "plot")])
    alone = wiring.connected(job_map, job_map.by_name["convert"].key, job_map.by_name["plot"].key, catalog)
    assert alone.by_name["convert"].produces == "map"
    fed = editing.connect(job_map, [("convert", "split")])
    assert why(fed, catalog, "convert", "plot") == "string or map does not fit: “plot” takes map"


def test_that_a_second_task_of_one_name_cannot_be_wired(small_map: JobMap, catalog: Catalog, make_task: Callable[..., Task]) -> None:
    twin = make_task("count", "count")
    job_map = editing.add_tasks(small_map, [twin])
    assert wiring.refusal(job_map, job_map.by_name["split"].key, twin.key, catalog) == "two tasks are named “count”: rename one first"


def test_that_what_lights_up_is_what_would_not_be_refused(small_map: JobMap, catalog: Catalog) -> None:
    job_map = editing.add_tasks(small_map, [Task("other", TaskType.OUTPUT)])
    for task in job_map.tasks:
        targets = {each.key for each in job_map.tasks if wiring.refusal(job_map, task.key, each.key, catalog) is None}
        sources = {each.key for each in job_map.tasks if wiring.refusal(job_map, each.key, task.key, catalog) is None}
        assert wiring.fitting_targets(job_map, task.key, catalog) == targets
        assert wiring.fitting_sources(job_map, task.key, catalog) == sources


def test_that_a_vanished_task_is_refused(small_map: JobMap, catalog: Catalog) -> None:
    gone = replace(small_map, tasks=small_map.tasks[1:])
    assert wiring.refusal(gone, small_map.tasks[0].key, small_map.tasks[1].key, catalog) == "that task is gone"
