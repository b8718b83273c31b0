"""What the nodes and wires say of a run, of problems and of the theme."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF

from engine.execution.progress import ProgressSnapshot, RunStatus, TaskProgress, TaskState
from engine.model import editing
from engine.model.job_map import Datasource
from engine.problems import Problem, Severity
from ephemeral_gui.canvas import flows
from ephemeral_gui.canvas.hit import Hit
from ephemeral_gui.canvas.tips import tip_of
from ephemeral_gui.canvas.wire import Flow, Wire
from ephemeral_gui.widgets.theme import Appearance

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from engine.model.job_map import JobMap


def snapshot(status: RunStatus = RunStatus.RUNNING, **tasks: TaskProgress) -> ProgressSnapshot:
    return ProgressSnapshot("run", status, 1.0, tasks)


DONE = TaskProgress("read", TaskState.DONE, succeeded=1, items_in=1, items_out=4, first_start=0.0, busy_seconds=0.6)
RUNNING = TaskProgress(
    "split", TaskState.RUNNING, succeeded=2, running=1, queued=1, items_in=4, items_out=2, first_start=0.1, busy_seconds=4.2
)


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (TaskProgress("x", TaskState.READY), "Ready"),
        (TaskProgress("x", TaskState.WAITING, succeeded=2, queued=2), "Waiting 2/4"),
        (RUNNING, "Running 2/4"),
        (TaskProgress("x", TaskState.RUNNING, running=1, fraction=0.4), "Running 40 %"),
        (DONE, "Done"),
        (TaskProgress("x", TaskState.FAILED, succeeded=3, failed=1), "Failed 1/4"),
        (TaskProgress("x", TaskState.SKIPPED, skipped=1), "Skipped, parent failed"),
        (TaskProgress("x", TaskState.CANCELLED, succeeded=2, cancelled=2), "Cancelled, 2 kept"),
        (TaskProgress("x", TaskState.RETRYING, succeeded=3, retrying=1), "Retrying 3/4"),
        (TaskProgress("x", TaskState.PAUSED, succeeded=2, queued=2), "Paused 2/4"),
        (TaskProgress("x", TaskState.DISABLED), "Off"),
        (TaskProgress("x", TaskState.RUNNING, succeeded=13_204, queued=86_796), "Running 13.2k/100k"),
    ],
)
def test_that_a_state_is_told_in_words(hands: Any, progress: TaskProgress, words: str) -> None:
    hands.canvas.show_progress(snapshot(split=progress))
    item = hands.item("split")
    assert (item.state, item.state_text) == (progress.state, words)


def test_that_wires_show_what_flows(hands: Any) -> None:
    hands.canvas.show_progress(snapshot(read=DONE, split=RUNNING))
    wires = hands.viewer.projection.wires
    moving, idle = wires[hands.key_of("read"), hands.key_of("split")], wires[hands.key_of("count"), hands.key_of("out")]
    assert (moving.flow, moving.count) == (Flow.MOVING, 4)
    assert (idle.flow, idle.count) == (Flow.NONE, 0)
    hands.canvas.show_progress(snapshot(RunStatus.DONE, read=DONE, split=DONE))
    assert moving.flow is Flow.PASSED
    hands.canvas.show_progress(None)
    assert (moving.flow, moving.count) == (Flow.NONE, 0)
    assert hands.item("split").state == "ready"


def test_that_only_changed_tasks_are_painted_anew(hands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.canvas.show_progress(snapshot(read=DONE, split=RUNNING))
    painted: list[str] = []
    for item in hands.viewer.projection.items.values():
        monkeypatch.setattr(item, "update", lambda *_, name=item.name: painted.append(name))
    hands.canvas.show_progress(snapshot(read=DONE, split=DONE))
    assert painted == ["split"]
    hands.canvas.show_progress(snapshot(read=DONE, split=DONE))
    assert painted == ["split"]


def test_that_a_change_of_one_task_asks_its_own_wires_alone(hands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.canvas.show_progress(snapshot(read=DONE, split=RUNNING))
    asked: list[Wire] = []
    monkeypatch.setattr(Wire, "show_flow", lambda wire, *_: asked.append(wire))
    later = replace(RUNNING, succeeded=3, items_out=3)
    hands.canvas.show_progress(snapshot(read=DONE, split=later))
    assert {(wire.source.name, wire.target.name) for wire in asked} == {("read", "split"), ("split", "count")}


def test_that_very_many_moving_wires_have_no_dashes_and_few_have_them_again(hands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "MOST_MOVING", 1)
    hands.canvas.show_progress(snapshot(read=DONE, split=RUNNING))
    ends = (("read", "split"), ("split", "count"))
    wires = [hands.viewer.projection.wires[hands.key_of(source), hands.key_of(target)] for source, target in ends]
    assert [wire.flow for wire in wires] == [Flow.MOVING, Flow.MOVING]
    assert not any(wire.pen().dashPattern() for wire in wires)
    assert not hands.viewer.projection.flows.dashed
    monkeypatch.setattr(flows, "MOST_MOVING", 2)
    hands.canvas.show_progress(snapshot(read=DONE, split=replace(RUNNING, items_out=3)))
    assert all(wire.pen().dashPattern() for wire in wires)
    assert set(hands.viewer.projection.flows.dashed) == set(wires)


def test_that_a_wire_that_is_gone_neither_moves_nor_counts(hands: Any) -> None:
    hands.canvas.show_progress(snapshot(read=DONE, split=RUNNING))
    hands.canvas.select([hands.key_of("split")])
    hands.canvas.delete_selection()
    assert not hands.viewer.projection.flows.dashed
    assert not hands.viewer.projection.scene.counted


def test_that_an_edited_task_is_stale_once_it_ran_and_fresh_again_after_undo(hands: Any) -> None:
    hands.canvas.show_progress(snapshot(RunStatus.DONE, read=DONE, split=DONE, double=DONE))
    hands.document.change("edit", editing.set_argument(hands.document.job_map, hands.key_of("read"), "x", 1))
    assert (hands.item("read").state, hands.item("read").state_text) == ("stale", "Stale, edited")
    assert hands.item("split").state == "stale", "what stands behind it is out of date too"
    assert hands.item("double").state == "done"
    assert hands.item("count").state == "ready"
    hands.document.undo_stack.undo()
    assert [hands.item(name).state for name in ("read", "split")] == ["done", "done"]


def test_that_another_datasource_makes_everything_behind_it_stale(hands: Any) -> None:
    hands.canvas.show_progress(snapshot(RunStatus.DONE, read=DONE, split=DONE, double=DONE))
    other = Datasource("direct", {"content": {"other": 1}})
    hands.document.change("edit", editing.set_datasource(hands.document.job_map, other))
    assert [hands.item(name).state for name in ("read", "split", "double")] == ["stale", "stale", "done"]


def test_that_a_task_fed_by_others_than_before_is_stale(hands: Any) -> None:
    hands.canvas.show_progress(snapshot(RunStatus.DONE, read=DONE, split=DONE))
    hands.document.change("cut", editing.disconnect(hands.document.job_map, [("read", "split")]))
    assert hands.item("split").state == "stale"


def test_that_a_rename_keeps_the_state_of_a_run(hands: Any) -> None:
    hands.canvas.show_progress(snapshot(read=DONE, split=RUNNING))
    hands.canvas._editor.rename(hands.key_of("split"), "tear")
    assert hands.item("tear").state == "running"
    hands.canvas.show_progress(snapshot(read=DONE, split=DONE))
    assert hands.item("tear").state == "done"


def test_that_a_task_without_a_definition_is_a_placeholder(open_canvas: Callable[..., Any], small_map: JobMap, make_task: Any) -> None:
    task = make_task("tide", "tide_table", init_args={"kept": [1]})
    hands = open_canvas(editing.add_tasks(small_map, [task], {"tide": (0.0, 320.0)}))
    assert (hands.item("tide").state, hands.item("tide").state_text) == ("missing", "Method not found")
    hands.canvas.add_method("text", "read")
    assert hands.document.job_map.by_name["tide"] is task


def test_that_problems_put_badges_on_their_tasks(hands: Any) -> None:
    hands.canvas.show_problems(
        [Problem("a", "wrong <b>type</b>", task="split"), Problem("b", "odd", task="read", severity=Severity.WARNING)]
    )
    assert hands.item("split").face.has_error
    assert hands.item("read").face.problems == ("odd",)
    assert not hands.item("read").face.has_error
    assert "&lt;b&gt;type" in tip_of(Hit(item=hands.item("split")))
    hands.canvas.show_problems([])
    assert hands.item("split").face.problems == ()


def test_that_a_fan_out_says_how_many_branches_it_opened(open_canvas: Callable[..., Any], small_map: JobMap, make_task: Any) -> None:
    hands = open_canvas(editing.add_tasks(small_map, [make_task("scatter", "scatter")], {"scatter": (0.0, 320.0)}))
    assert hands.item("scatter").face.fan_out == "\N{MULTIPLICATION SIGN}n"
    hands.canvas.show_progress(snapshot(scatter=DONE))
    assert hands.item("scatter").face.fan_out == "\N{MULTIPLICATION SIGN}4"


def test_that_the_clock_ticks_only_while_something_runs_and_is_seen(hands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EPHEMERAL_REDUCED_MOTION")
    motion = hands.canvas._motion
    assert not motion.is_moving
    hands.canvas.show_progress(snapshot(read=DONE, split=RUNNING))
    assert motion.is_moving
    hands.canvas.hide()
    assert not motion.is_moving
    hands.canvas.show()
    assert motion.is_moving
    hands.canvas.show_progress(snapshot(RunStatus.DONE, read=DONE, split=DONE))
    assert not motion.is_moving


def test_that_the_theme_changes_every_colour(hands: Any, look: Any) -> None:
    dark = hands.canvas.grab().toImage().pixelColor(20, 20).name()
    look.choose(Appearance.LIGHT)
    light = hands.canvas.grab().toImage().pixelColor(20, 20).name()
    assert (dark, light) == ("#141619", "#f3f4f6")


def test_that_the_canvas_says_its_selection_in_words(hands: Any) -> None:
    hands.canvas.show_progress(snapshot(split=RUNNING))
    hands.click(hands.title("split"))
    assert hands.viewer.accessibleName() == "Canvas: split, Running 2/4"
    hands.canvas.select_all()
    assert hands.viewer.accessibleName() == "Canvas: 6 tasks selected"


@pytest.mark.parametrize("zoom", [0.1, 0.3, 0.5, 1.0, 2.0])
def test_that_every_zoom_can_be_painted(hands: Any, zoom: float) -> None:
    hands.canvas.show_progress(snapshot(read=DONE, split=RUNNING))
    hands.canvas.select_all()
    hands.viewer.look_at(QPointF(0, 0), zoom)
    picture = hands.canvas.grab().toImage()
    assert len({picture.pixelColor(x, y).rgb() for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}) > 5


def test_that_a_fault_in_a_handler_is_told_and_goes_no_further(
    hands: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:

    told: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *fault: told.append(fault[1]))
    monkeypatch.setattr(hands.viewer, "choose", lambda *_: 1 / 0)
    hands.press(hands.title("split"))
    assert isinstance(told[0], ZeroDivisionError)
    assert "JobViewer.mousePressEvent" in caplog.text


def asked_of(hands: Any) -> list[str]:
    asked: list[str] = []
    hands.canvas.items_requested.connect(lambda key: asked.append(hands.document.job_map.by_key[key].name))
    return asked


def test_that_a_click_on_the_count_of_a_wire_asks_for_its_items(hands: Any) -> None:
    asked = asked_of(hands)
    hands.click(hands.wire_middle("read", "split"))
    assert asked == []
    hands.canvas.show_progress(snapshot(read=DONE, split=RUNNING))
    hands.click(hands.wire_middle("read", "split"))
    assert asked == ["read"]
    assert hands.canvas.selected_keys() == [hands.key_of("read")]


def test_that_a_drag_from_a_count_asks_for_nothing(hands: Any) -> None:
    asked = asked_of(hands)
    hands.canvas.show_progress(snapshot(read=DONE, split=RUNNING))
    middle = hands.wire_middle("read", "split")
    hands.drag(middle, middle + QPointF(0, 60))
    assert asked == []


def test_that_a_click_on_what_left_a_task_asks_for_its_items(hands: Any) -> None:
    asked = asked_of(hands)
    hands.canvas.show_progress(snapshot(read=DONE, split=RUNNING))
    corner = hands.item("read").body.bottomRight()
    hands.click(corner - QPointF(20, 12))
    assert asked == ["read"]
    hands.click(hands.title("read"))
    assert asked == ["read"]


def test_that_a_count_is_no_button_where_it_is_not_drawn(hands: Any) -> None:
    asked = asked_of(hands)
    hands.canvas.show_progress(snapshot(read=DONE, split=RUNNING))
    hands.viewer.look_at(QPointF(0, 0), 0.4)
    hands.click(hands.wire_middle("read", "split"))
    assert asked == []


@pytest.mark.parametrize(("seconds", "pace"), [(0.0, ""), (0.0042, "2.1 ms each"), (0.6, "300 ms each"), (8.4, "4.2 s each")])
def test_that_a_node_knows_how_long_an_item_takes(hands: Any, seconds: float, pace: str) -> None:
    progress = TaskProgress("split", TaskState.RUNNING, succeeded=2, running=1, first_start=0.0, busy_seconds=seconds, text="reading")
    hands.canvas.show_progress(snapshot(split=progress))
    status = hands.item("split").face.status
    assert (status.pace, status.last_words) == (pace, "reading")


def test_that_pace_and_last_words_are_drawn_from_near_alone(hands: Any) -> None:
    progress = TaskProgress("split", TaskState.DONE, succeeded=2, first_start=0.0, busy_seconds=2.0, items_in=2, items_out=2, text="read")
    plain = TaskProgress("split", TaskState.DONE, succeeded=2, first_start=0.0, busy_seconds=2.0, items_in=2, items_out=2)
    for zoom, is_drawn in ((1.0, False), (1.6, True)):
        hands.viewer.look_at(hands.item("split").body.center(), zoom)
        pictures = []
        for each in (progress, plain):
            hands.canvas.show_progress(snapshot(split=each))
            hands.viewer.projection.scene.forget_pictures()
            pictures.append(hands.viewport.grab().toImage())
        assert (pictures[0] != pictures[1]) is is_drawn
