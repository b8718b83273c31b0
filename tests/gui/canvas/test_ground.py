"""What is kept as a picture looks as if it were painted anew, and is not painted anew where nothing of it changed."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from engine.execution.progress import ProgressSnapshot, RunStatus, TaskProgress, TaskState
from engine.model import editing
from engine.model.job_map import Datasource, Frame, JobMap, Layout, Note, Task
from ephemeral_gui.canvas.curve import corners, cubics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from PySide6.QtCore import QRect

SIDE = 18  # tasks in a row and in a column: more than are carried one by one, and wires so many that they are plain lines


@pytest.fixture
def many(make_task: Callable[..., Task]) -> JobMap:
    """A square of tasks with wires of all lengths, some of them backwards, a note and a frame."""
    names = [f"task {number}" for number in range(SIDE * SIDE)]
    tasks = tuple(make_task(name, "double") for name in names)
    positions = {name: (number % SIDE * 224.0, number // SIDE * 144.0) for number, name in enumerate(names)}
    ends = [(number, number * 7 % len(names)) for number in range(1, len(names))]
    workflow = tuple((names[min(pair)], names[max(pair)]) for pair in ends if pair[0] != pair[1])
    layout = Layout(
        positions=positions,
        notes=(Note("Read *me*", (-240.0, 0.0), (192.0, 96.0)),),
        frames=(Frame("Some", (-32.0, -48.0), (640.0, 320.0)),),
    )
    return JobMap("Many", Datasource("direct", {"content": {}}), tasks, workflow, layout=layout)


class Painted(QObject):
    """Hears how much of the view is painted."""

    def __init__(self, hands: Any) -> None:
        super().__init__(hands.viewer)
        self.pixels = 0
        hands.viewport.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.pixels += sum(rect.width() * rect.height() for rect in cast("Iterable[QRect]", event.region()))
        return False


def settle() -> None:
    QApplication.sendPostedEvents()
    QApplication.processEvents()


def seen(hands: Any) -> QImage:
    settle()
    image: QImage = hands.viewport.grab().toImage()
    return image


def assert_as_painted_anew(hands: Any) -> None:
    """Compare the view with one for which everything was painted again."""
    kept = seen(hands)
    hands.viewer.projection.scene.forget_pictures()
    anew = seen(hands)
    assert kept.size() == anew.size()
    differing = _differing(kept, anew)
    assert differing < 600, _samples(hands, kept, anew)  # 200 pixels: a line that is clipped elsewhere is smoothed a little otherwise


def _differing(one: QImage, other: QImage) -> int:
    """Return how many numbers of their pixels differ by more than the eye could see."""
    return 0 if one == other else sum(abs(here - there) > 24 for here, there in zip(_bytes(one), _bytes(other), strict=True))


def _samples(hands: Any, kept: QImage, anew: QImage) -> str:
    """Return what tells in words how two pictures differ: some of their colours, and how the view stood."""
    places = [QPoint(x, y) for y in range(100, kept.height(), 200) for x in range(100, kept.width(), 200)]
    pairs = [f"{kept.pixelColor(place).name()} {anew.pixelColor(place).name()}" for place in places]
    return f"{', '.join(pairs)}; zoom {hands.viewer.zoom}, {hands.viewer.visible_rect}, last step: {hands.document.undo_stack.undoText()}"


def _bytes(image: QImage) -> bytes:
    converted = image.convertToFormat(QImage.Format.Format_RGB888)  # kept by name: what ``constBits`` gives does not keep it
    return bytes(converted.constBits())


def rest(hands: Any) -> None:
    """Let the view come to rest, as it does by itself a moment after it moved, and be painted twice, so that pictures are made."""
    hands.viewer.draw_well()
    for _ in range(2):
        hands.viewport.update()
        settle()


@pytest.mark.parametrize("zoom", [0.18, 0.4, 1.0, 1.37])
def test_that_the_picture_is_true_after_every_kind_of_change(open_canvas: Callable[[JobMap], Any], many: JobMap, zoom: float) -> None:
    hands = open_canvas(many)
    hands.viewer.look_at(QPointF(600, 400), zoom)
    rest(hands)
    seen(hands)
    key, other = hands.key_of("task 14"), hands.key_of("task 30")
    steps: list[Callable[[], object]] = [
        lambda: hands.document.change("Move", editing.move_tasks(hands.document.job_map, {"task 14": (300.0, 333.0)})),
        lambda: hands.canvas.select([key, other]),
        lambda: hands.viewer.choose((), [next(iter(hands.viewer.projection.wires.values()))]),
        lambda: hands.canvas.show_progress(ProgressSnapshot("run", RunStatus.RUNNING, 1.0, {"task 14": running("task 14")})),
        hands.document.undo_stack.undo,
        lambda: hands.canvas.show_progress(None),
        lambda: hands.document.change("Delete", editing.remove_tasks(hands.document.job_map, [hands.key_of("task 15")])),
        lambda: pan(hands, 37, -21),
        lambda: pan(hands, -137, 421),
        hands.document.undo_stack.undo,
    ]
    for step in steps:
        step()
        assert_as_painted_anew(hands)


def pan(hands: Any, across: int, down: int) -> None:
    hands.viewer.pan_by(QPointF(across, down))
    hands.viewer.style_kit.is_quick = False  # what comes into view is painted as well as what was there


def running(name: str) -> TaskProgress:
    return TaskProgress(name, TaskState.DONE, succeeded=1, items_in=1, items_out=4, first_start=0.0, busy_seconds=0.6)


@pytest.mark.parametrize("zoom", [0.18, 1.0])
@pytest.mark.parametrize("moved", ["one", "all"])
def test_that_the_picture_is_true_after_a_drag(open_canvas: Callable[[JobMap], Any], many: JobMap, zoom: float, moved: str) -> None:
    hands = open_canvas(many)
    hands.viewer.look_at(QPointF(600, 400), zoom)
    rest(hands)
    if moved == "all":
        hands.canvas.select_all()
    start = hands.item("task 14").body.center()
    hands.press(start)
    for step in range(1, 4):
        hands.move(start + QPointF(48, 32) * step)
        settle()
    hands.release(start + QPointF(144, 96))
    rest(hands)
    assert_as_painted_anew(hands)
    hands.assert_mirrors_document()


def test_that_a_drag_shows_what_its_end_will_show(open_canvas: Callable[[JobMap], Any], many: JobMap) -> None:
    hands = open_canvas(many)
    hands.viewer.look_at(QPointF(600, 400), 0.18)
    rest(hands)
    hands.canvas.select_all()
    start = hands.item("task 14").body.center()
    way = QPointF(-16 * 100, 0)  # whole pixels at this zoom, and within the view
    hands.press(start)
    hands.move(start + way)
    during = seen(hands)
    hands.release(start + way)
    rest(hands)
    assert _differing(during, seen(hands)) < 0.02 * len(_bytes(during))  # wires are smoothed a little otherwise


def test_that_a_step_of_a_drag_paints_only_what_it_moves(open_canvas: Callable[[JobMap], Any], many: JobMap) -> None:
    hands = open_canvas(many)
    hands.viewer.fit_all()
    rest(hands)
    start = hands.item("task 14").body.center()
    hands.press(start)
    hands.move(start + QPointF(64, 64))
    settle()
    painted, ground = Painted(hands), hands.viewer.projection.scene.ground
    before = ground.paints
    hands.move(start + QPointF(96, 64))
    settle()
    assert 0 < painted.pixels < 0.25 * hands.viewport.width() * hands.viewport.height()
    assert ground.paints == before


def test_that_a_change_of_state_paints_only_its_task(open_canvas: Callable[[JobMap], Any], many: JobMap) -> None:
    hands = open_canvas(many)
    hands.viewer.look_at(QPointF(600, 400), 1.0)
    rest(hands)
    waiting = {"task 14": TaskProgress("task 14", TaskState.WAITING, queued=4)}
    hands.canvas.show_progress(ProgressSnapshot("run", RunStatus.RUNNING, 1.0, waiting))
    settle()
    painted, ground = Painted(hands), hands.viewer.projection.scene.ground
    before = ground.paints
    busy = {"task 14": TaskProgress("task 14", TaskState.RUNNING, running=1, queued=3)}
    hands.canvas.show_progress(ProgressSnapshot("run", RunStatus.RUNNING, 1.0, busy))
    hands.viewer.viewport().repaint(0, 0, 1, 1)
    settle()
    node = hands.item("task 14").boundingRect()
    assert 0 < painted.pixels <= (node.width() + 8) * (node.height() + 8) + 1
    assert ground.paints == before


def test_that_panning_paints_only_what_comes_into_view(open_canvas: Callable[[JobMap], Any], many: JobMap) -> None:
    hands = open_canvas(many)
    hands.viewer.look_at(QPointF(600, 400), 1.0)
    rest(hands)
    ground = hands.viewer.projection.scene.ground
    before = ground.paints
    for _ in range(5):
        hands.viewer.pan_by(QPointF(10, 6))
        settle()
    assert ground.paints == before


def test_that_nodes_are_blocks_from_afar_and_nodes_from_near(open_canvas: Callable[[JobMap], Any], many: JobMap) -> None:
    hands = open_canvas(many)
    middle = hands.item("task 14").body.center()
    for zoom in (1.0, 0.15, 0.6, 0.15):
        hands.viewer.look_at(middle, zoom)
        rest(hands)
        colour = seen(hands).pixelColor(hands.viewer.view_point(middle + QPointF(-60, 45)))
        theme = hands.viewer.style_kit.theme
        assert colour.name() == (theme.state_colour("ready") if zoom < 0.25 else theme.node)


@pytest.mark.parametrize("end", [QPointF(-400, 0), QPointF(-400, 20), QPointF(-30, 300), QPointF(10, 260), QPointF(-600, -500)])
def test_that_a_wire_leaves_rightwards_and_arrives_from_the_left_without_a_kink(end: QPointF) -> None:
    pieces = cubics(QPointF(0, 0), end)
    for one, other in itertools.pairwise(pieces):
        before, after = one[3] - one[2], other[1] - other[0]
        assert before.x() * after.x() >= 0
        assert abs(before.x() * after.y() - before.y() * after.x()) < 1e-6
    assert pieces[0][1].x() > 0
    assert pieces[-1][3].x() > pieces[-1][2].x()
    points = corners(QPointF(0, 0), end, 64)
    turns = [_turn(*points[step : step + 3]) for step in range(len(points) - 2)]
    assert max(turns) < math.radians(20)


def _turn(one: tuple[float, float], two: tuple[float, float], three: tuple[float, float]) -> float:
    first = math.atan2(two[1] - one[1], two[0] - one[0])
    second = math.atan2(three[1] - two[1], three[0] - two[0])
    return abs(math.remainder(second - first, math.tau))
