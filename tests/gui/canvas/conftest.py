"""What the canvas tests share: a catalogue of small methods, a map of them, and hands that act on a real canvas with real events."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.catalog import Catalog
from engine.model.definition import Argument, Definition
from engine.model.job_map import Datasource, JobMap, Layout, Task, TaskType
from ephemeral_gui.canvas.canvas import Canvas
from ephemeral_gui.canvas.dropping import METHOD_MIME
from ephemeral_gui.canvas.layout import places
from ephemeral_gui.canvas.projection import positions_by_key
from ephemeral_gui.document.document import Document
from ephemeral_gui.widgets.theme import Appearance, Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from engine.model.definition import MethodName
    from engine.model.job_map import TaskKey
    from engine.problems import Problem
    from engine.tasks import TaskBody
    from ephemeral_gui.canvas.task_item import TaskItem

NO_KEYS = Qt.KeyboardModifier.NoModifier


def _definition(name: str, consumes: tuple[str, ...], produces: tuple[str, ...], **fields: Any) -> Definition:
    return Definition("text", name, f"What {name} does.", consumes, produces, **fields)


DEFINITIONS = (
    _definition("read", ("any",), ("string",), title="Read text"),
    _definition("split_words", ("string",), ("list(string)",)),
    _definition("count", ("list(string)",), ("integer",)),
    _definition("double", ("integer",), ("integer",)),
    _definition(
        "convert",
        ("string", "list(string)"),
        ("string", "map"),
        init_args=(Argument("style", "string", default="plain", has_default=True),),
    ),
    _definition("scatter", ("any",), ("map",), fans_out=True),
    _definition("report", ("any",), ("map",)),
    _definition("plot", ("map",), ("picture",)),
)


@dataclass
class ListedMethods:
    """A source of methods without code."""

    title: str = "these tests"
    definitions_folder: Path = field(default_factory=Path)
    problems: tuple[Problem, ...] = ()
    top_namespaces: tuple[str, ...] = ("text",)
    definitions: Mapping[MethodName, Definition] = field(
        default_factory=lambda: {(each.namespace, each.name): each for each in DEFINITIONS}
    )

    def definition(self, namespace: str, method: str) -> Definition | None:
        return self.definitions.get((namespace, method))

    def load_body(self, namespace: str, method: str, init_args: Mapping[str, Any]) -> TaskBody:
        raise NotImplementedError(namespace, method, init_args)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog([ListedMethods()])


@pytest.fixture(scope="session")
def make_task(catalog: Catalog) -> Callable[..., Task]:
    def make(name: str, method: str, **fields: Any) -> Task:
        definition = catalog.definition("text", method)
        types = {} if definition is None else {"consumes": definition.consumes[0], "produces": definition.produces[0]}
        return Task(name, TaskType.FUNCTION, namespace="text", method=method, **{**types, **fields})

    return make


@pytest.fixture
def small_map(make_task: Callable[..., Task]) -> JobMap:
    """In > read > split > count > out, and a double that nothing feeds."""
    tasks = (
        Task("in", TaskType.INPUT),
        make_task("read", "read"),
        make_task("split", "split_words"),
        make_task("count", "count"),
        make_task("double", "double"),
        Task("out", TaskType.OUTPUT),
    )
    positions = {
        "in": (-480.0, 64.0),
        "read": (-352.0, 0.0),
        "split": (-128.0, 0.0),
        "count": (96.0, 0.0),
        "double": (96.0, 160.0),
        "out": (384.0, 64.0),
    }
    workflow = (("in", "read"), ("read", "split"), ("split", "count"), ("count", "out"))
    return JobMap("Small", Datasource("direct", {"content": {}}), tasks, workflow, layout=Layout(positions=positions))


class Hands:
    """Acts on a canvas with mouse and keys; places are points of the scene."""

    def __init__(self, canvas: Canvas, document: Document) -> None:
        self.canvas = canvas
        self.document = document
        self.viewer = canvas.viewer
        self.viewport = canvas.viewer.viewport()
        self.refusals: list[str] = []
        canvas.refused.connect(self.refusals.append)

    def key_of(self, name: str) -> TaskKey:
        return self.document.job_map.by_name[name].key

    def item(self, name: str) -> TaskItem:
        item = self.canvas.task_item(self.key_of(name))
        assert item is not None
        return item

    def output(self, name: str) -> QPointF:
        point = self.item(name).output_point()
        assert point is not None
        return point

    def input(self, name: str) -> QPointF:
        point = self.item(name).input_point()
        assert point is not None
        return point

    def title(self, name: str) -> QPointF:
        return self.item(name).body.topLeft() + QPointF(30, 16)

    def wire_middle(self, source: str, target: str) -> QPointF:
        return self.viewer.projection.wires[self.key_of(source), self.key_of(target)].middle

    def click(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        QTest.mouseClick(self.viewport, Qt.MouseButton.LeftButton, modifiers, self.viewer.view_point(point))

    def double_click(self, point: QPointF) -> None:
        QTest.mouseDClick(self.viewport, Qt.MouseButton.LeftButton, NO_KEYS, self.viewer.view_point(point))
        QTest.mouseRelease(self.viewport, Qt.MouseButton.LeftButton, NO_KEYS, self.viewer.view_point(point))

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_KEYS, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        QTest.mousePress(self.viewport, button, modifiers, self.viewer.view_point(point))

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        self.move_to(self.viewer.view_point(point), modifiers)

    def move_to(self, place: QPoint, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        event = QMouseEvent(
            QMouseEvent.Type.MouseMove,
            QPointF(place),
            QPointF(self.viewport.mapToGlobal(place)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            modifiers,
        )
        QApplication.sendEvent(self.viewport, event)

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_KEYS, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        QTest.mouseRelease(self.viewport, button, modifiers, self.viewer.view_point(point))

    def drag(self, start: QPointF, end: QPointF, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Press, move in five steps, let go; the modifiers are held during the moves and at the end."""
        self.press(start)
        for step in range(1, 6):
            self.move(start + (end - start) * (step / 5), modifiers)
        self.release(end, modifiers)

    def type_keys(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.viewer, key, modifiers)

    def type_text(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget() or self.viewer, text)

    def drop(self, point: QPointF, data: bytes, mime_type: str = METHOD_MIME) -> bool:
        """Drag something in from elsewhere and let it go; return whether it was welcome."""
        mime = QMimeData()
        mime.setData(mime_type, data)
        place = self.viewer.view_point(point)
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        enter = QDragEnterEvent(place, copy, mime, left, NO_KEYS)
        QApplication.sendEvent(self.viewport, enter)
        if not enter.isAccepted():
            return False
        QApplication.sendEvent(self.viewport, QDragMoveEvent(place, copy, mime, left, NO_KEYS))
        QApplication.sendEvent(self.viewport, QDropEvent(QPointF(place), copy, mime, left, NO_KEYS))
        return True

    @property
    def steps(self) -> int:
        return self.document.undo_stack.count()

    @property
    def edges(self) -> set[tuple[str, str]]:
        return set(self.document.job_map.workflow)

    def assert_mirrors_document(self) -> None:
        """The scene shows the document and nothing else, and NodeGraphQt's own model is empty."""
        job_map, projection = self.document.job_map, self.viewer.projection
        assert set(projection.items) == set(job_map.by_key)
        assert {key: (item.pos().x(), item.pos().y()) for key, item in projection.items.items()} == positions_by_key(job_map)
        assert places(job_map).keys() == job_map.by_name.keys()
        edges = {(one, other) for one, other in job_map.workflow if one in job_map.by_name and other in job_map.by_name}
        assert set(projection.wires) == {(job_map.by_name[one].key, job_map.by_name[other].key) for one, other in edges}
        for wire in projection.wires.values():
            assert not wire.is_lifted
            assert wire.isVisible()
            assert wire.mapToScene(wire.path().pointAtPercent(0)) == wire.start
            assert (wire.mapToScene(wire.path().pointAtPercent(1)) - wire.end).manhattanLength() < 0.01
        assert not self.viewer._LIVE_PIPE.isVisible()
        assert self.viewer.style_kit.fitting is None
        assert not self.canvas._graph._model.nodes


@pytest.fixture
def look(qapp: QApplication) -> Look:
    return Look(appearance=Appearance.DARK)


@pytest.fixture
def open_canvas(look: Look, catalog: Catalog, qapp: QApplication) -> Iterator[Callable[[JobMap], Hands]]:
    """Opens a canvas of 1200 by 800 on a job map, at 100 %, the origin in its middle."""
    opened = []

    def open_one(job_map: JobMap) -> Hands:
        document = Document(job_map)
        canvas = Canvas(document, catalog, look)
        canvas.resize(1200, 800)
        canvas.show()
        QTest.qWaitForWindowActive(canvas)
        canvas.viewer.look_at(QPointF(0, 0), 1.0)
        canvas.viewer.setFocus()
        opened.append(canvas)
        return Hands(canvas, document)

    yield open_one
    for canvas in opened:
        canvas.close()
        canvas.deleteLater()
    qapp.sendPostedEvents()


@pytest.fixture
def hands(open_canvas: Callable[[JobMap], Hands], small_map: JobMap) -> Hands:
    return open_canvas(small_map)
