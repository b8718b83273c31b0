"""The order within the layers of an arrangement: few crossings, the same each time, whatever the graph."""

from __future__ import annotations

import random

import pytest

from engine.model.editing import set_argument
from engine.model.job_map import Datasource, JobMap, Task, TaskType
from ephemeral_gui.canvas import layout
from ephemeral_gui.canvas.layering import layered
from ephemeral_gui.canvas.layout import places


def test_that_wires_that_need_not_cross_do_not() -> None:
    ladder = {"a": ["x"], "b": ["y"], "c": ["z"], "x": ["q"], "y": ["p"], "z": ["o"], "o": [], "p": [], "q": []}
    layering = layered(ladder)
    rows = [{name: row for row, name in enumerate(layer)} for layer in layering.layers]
    assert rows[0]["a"] == rows[1]["x"] == rows[2]["q"]
    assert rows[0]["b"] == rows[1]["y"] == rows[2]["p"]


def test_that_a_long_wire_is_led_through_every_layer_between() -> None:
    layering = layered({"a": ["b", "d"], "b": ["c"], "c": ["d"], "d": []})
    assert [len(layer) for layer in layering.layers] == [1, 2, 2, 1]
    assert len(layering.bends) == 2


def test_that_a_start_stands_right_before_what_it_feeds() -> None:
    layering = layered({"a": ["b"], "b": ["c"], "late": ["c"], "c": []})
    assert "late" in layering.layers[1]


@pytest.mark.parametrize("seed", range(5))
def test_that_every_name_has_one_place_left_of_what_it_feeds_and_the_same_each_time(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  no secret
    names = [f"t{number}" for number in range(80)]
    children: dict[str, list[str]] = {name: [] for name in names}
    for _ in range(100):
        one, other = sorted(chance.sample(range(80), 2))
        if names[other] not in children[names[one]]:
            children[names[one]].append(names[other])
    layering = layered(children)
    at = {name: number for number, layer in enumerate(layering.layers) for name in layer}
    assert at.keys() == {*names, *layering.bends}
    assert all(at[name] < at[child] for name in names for child in children[name])
    assert layered(children) == layering


def test_that_no_tasks_are_no_layers() -> None:
    assert layered({}).layers == []


def test_that_an_edit_that_leaves_names_and_wires_as_they_are_arranges_nothing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = tuple(Task(f"memo {number}", TaskType.FUNCTION) for number in range(3))
    job_map = JobMap("memo", Datasource("direct"), tasks, (("memo 0", "memo 1"), ("memo 1", "memo 2")))
    arranged = places(job_map)
    monkeypatch.setattr(layout, "layered", lambda _: pytest.fail("arranged anew"))
    assert places(set_argument(job_map, tasks[0].key, "text", "other")) == arranged
