"""What two job maps mean differently, and what is no difference."""

from __future__ import annotations

import json
import random
import time
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from engine.files import dump_job_map, parse_job_map
from engine.model import editing
from engine.model.difference import ChangeKind, Subject, difference
from engine.model.job_map import Frame, JobMap, Note

DATA: dict[str, Any] = {
    "name": "Job",
    "datasource": {"source": "direct", "content": {"input": "text", "list": [1, 2]}},
    "tasks": [
        {"name": "in", "type": "input"},
        {"name": "split", "type": "function", "namespace": "main", "method": "split", "init_args": {"by": " ", "deep": {"n": 1}}},
        {"name": "left", "type": "function", "namespace": "main", "method": "count", "policy": {"retries": 1}},
        {"name": "right", "type": "function", "namespace": "main", "method": "count", "collect": {"over": "split"}},
        {"name": "out", "type": "output"},
    ],
    "workflow": [["in", "split"], ["split", "left"], ["split", "right"], ["left", "out"], ["right", "out"]],
    "layout": {"positions": {"in": [0, 0]}},
}


def parsed(data: dict[str, Any] = DATA) -> JobMap:
    return parse_job_map(data)


def said(before: JobMap, after: JobMap) -> list[str]:
    return [change.describe() for change in difference(before, after)]


def spoiled(change: str, value: Any) -> dict[str, Any]:
    data = deepcopy(DATA)
    *steps, last = [int(step) if step.isdigit() else step for step in change.split("/")]
    place: Any = data
    for step in steps:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return data


def test_that_a_job_map_does_not_differ_from_itself_read_twice() -> None:
    assert difference(parsed(), parsed()) == []


def test_that_moves_and_the_order_of_keys_are_no_difference() -> None:
    data = deepcopy(DATA)
    data["layout"] = {"positions": {"in": [500, 4], "out": [1, 1]}, "zoom": 3}
    data["tasks"][1] = dict(reversed(data["tasks"][1].items()))
    assert difference(parsed(), parse_job_map(dict(reversed(data.items())))) == []


@pytest.mark.parametrize(
    ("change", "value", "sentence"),
    [
        ("name", "Other", 'changed name: "Job" → "Other"'),
        ("description", "Why", 'added description: "Why"'),
        ("policy", {"max_concurrent": 5}, 'added policy: {"max_concurrent": 5}'),
        ("by_hand", [1], "added by_hand: [1]"),
        ("datasource/content/input", "else", 'changed datasource content.input: "text" → "else"'),
        ("datasource/content/list", [1, 3], "changed datasource content.list: [1, 2] → [1, 3]"),
        ("tasks/1/init_args/by", ",", 'changed task "split" init_args.by: " " → ","'),
        ("tasks/1/init_args/deep/n", True, 'changed task "split" init_args.deep.n: 1 → true'),
        ("tasks/1/init_args/deep/n", 1.0, 'changed task "split" init_args.deep.n: 1 → 1.0'),
        ("tasks/1/init_args/by", None, 'removed task "split" init_args.by: " "'),
        ("tasks/2/policy/retries", 2, 'changed task "left" policy.retries: 1 → 2'),
        ("tasks/2/policy/timeout", 2.5, 'added task "left" policy.timeout: 2.5'),
        ("tasks/2/join", "any", 'changed task "left" join: "merge" → "any"'),
        ("tasks/2/disabled", "off", 'added task "left" disabled: "off"'),
        ("tasks/2/method", "sum", 'changed task "left" method: "count" → "sum"'),
        ("tasks/3/collect/missing", "drop", 'changed task "right" collect.missing: "skip" → "drop"'),
        ("tasks/4/colour", "red", 'added task "out" colour: "red"'),
        ("tasks/4/name", "end", 'renamed task "out" to "end"'),
        ("workflow/2", None, 'removed edge "split" → "right"'),
        ("workflow/2", ["in", "right"], 'removed edge "split" → "right"|added edge "in" → "right"'),
        ("workflow/3", ["right", "out"], 'removed edge "left" → "out"|added edge "right" → "out"'),
    ],
)
def test_that_one_change_is_one_sentence(change: str, value: Any, sentence: str) -> None:
    data = spoiled(change, value)
    if change == "tasks/4/name":
        data["workflow"] = [[value if name == "out" else name for name in edge] for edge in data["workflow"]]
    assert "|".join(said(parsed(), parse_job_map(data))) == sentence


def test_that_a_task_that_came_or_went_is_named_with_its_edges() -> None:
    job_map = parsed()
    without = editing.remove_tasks(job_map, {job_map.by_name["left"].key})
    assert said(job_map, without) == ['removed task "left"', 'removed edge "split" → "left"', 'removed edge "left" → "out"']
    assert said(without, job_map) == ['added task "left"', 'added edge "split" → "left"', 'added edge "left" → "out"']


def test_that_a_rename_is_one_difference_with_its_edges_and_collects() -> None:
    job_map = parsed()
    renamed = editing.rename_task(job_map, job_map.by_name["split"].key, "cut")
    assert said(job_map, renamed) == ['renamed task "split" to "cut"']
    assert said(job_map, parse_job_map(json.loads(dump_job_map(renamed)))) == ['renamed task "split" to "cut"']


def test_that_a_rename_with_a_changed_argument_is_seen_as_both() -> None:
    data = json.loads(json.dumps(DATA).replace('"split"', '"cut"').replace('" "', '";"'))
    data["tasks"][1]["method"] = "split"
    assert said(parsed(), parse_job_map(data)) == ['renamed task "split" to "cut"', 'changed task "cut" init_args.by: " " → ";"']


def test_that_an_id_names_a_task_whatever_else_changed() -> None:
    before, after = deepcopy(DATA), deepcopy(DATA)
    before["tasks"][2] |= {"id": "7"}
    after["tasks"][2] = {"name": "new", "type": "function", "id": "7", "namespace": "main", "method": "other"}
    after["workflow"] = [["new" if name == "left" else name for name in edge] for edge in after["workflow"]]
    assert said(parse_job_map(before), parse_job_map(after)) == [
        'renamed task "left" to "new"',
        'changed task "new" method: "count" → "other"',
        'removed task "new" policy: {"retries": 1}',
    ]


def test_that_a_task_of_one_name_and_another_type_is_another_task() -> None:
    data = spoiled("tasks/2", {"name": "left", "type": "output"})
    assert [(change.kind, change.task) for change in difference(parsed(), parse_job_map(data))] == [
        (ChangeKind.REMOVED, "left"),
        (ChangeKind.ADDED, "left"),
    ]


def test_that_an_order_that_results_or_payloads_follow_is_named() -> None:
    data = deepcopy(DATA)
    data["tasks"][1:3] = reversed(data["tasks"][1:3])
    data["workflow"].reverse()
    assert said(parsed(), parse_job_map(data)) == ["changed order of tasks", "changed order of workflow"]


def test_that_edges_of_different_tasks_have_no_order_among_each_other() -> None:
    data = deepcopy(DATA)
    data["workflow"] = [data["workflow"][index] for index in (2, 0, 3, 1, 4)]
    assert difference(parsed(), parse_job_map(data)) == []


def test_that_notes_are_compared_by_their_words_alone() -> None:
    job_map = parsed()
    layout = replace(job_map.layout, notes=(Note("why", (0, 0), (10, 10)),), frames=(Frame("part", (0, 0), (9, 9)),))
    noted = replace(job_map, layout=layout)
    moved = replace(job_map, layout=replace(layout, notes=(Note("why", (5, 5), (20, 10)),)))
    assert difference(noted, moved) == []
    assert said(job_map, noted) == ['added note: "why"', 'added frame: "part"']
    assert said(noted, job_map) == ['removed note: "why"', 'removed frame: "part"']


def test_that_a_change_is_json() -> None:
    (change,) = difference(parsed(), parse_job_map(spoiled("tasks/1/init_args/a~b", 5)))
    assert change.to_data() == {"kind": "added", "subject": "task", "task": "split", "pointer": "/init_args/a~0b", "after": 5}
    assert change.subject is Subject.TASK


def test_that_a_task_whose_name_is_given_twice_is_no_difference_to_itself() -> None:
    data = deepcopy(DATA)
    data["tasks"].append({"name": "left", "type": "output"})
    data["tasks"].append({"name": "left", "type": "output"})
    assert difference(parse_job_map(data), parse_job_map(data)) == []


def test_that_a_large_map_with_every_task_renamed_is_compared_within_a_second() -> None:
    count = 2_000
    names = [f"t{number}" for number in range(count)]
    tasks = [
        {"name": name, "type": "function", "namespace": "n", "method": f"m{index % 5}", "init_args": {"k": index}}
        for index, name in enumerate(names)
    ]
    hands = random.Random(1)  # noqa: S311  the same tree each time
    edges = [[names[hands.randrange(index)], names[index]] for index in range(1, count)]
    data = {"name": "Large", "datasource": {"source": "direct", "content": {}}, "tasks": tasks, "workflow": edges}
    before, after = (
        parse_job_map(data),
        parse_job_map(
            json.loads(json.dumps(data).replace('"t', '"new t').replace('"new tasks"', '"tasks"').replace('"new type"', '"type"'))
        ),
    )
    start = time.process_time()
    changes = difference(before, after)
    assert time.process_time() - start < 1
    assert {change.kind for change in changes} == {ChangeKind.RENAMED}
    assert len(changes) == count
