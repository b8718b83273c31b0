"""Hands that do anything, in any order: the scene stays the picture of the document, and undo leads back to the first map."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from engine.model.job_map import Datasource, JobMap, Layout, Task, TaskType
from ephemeral_gui.canvas.annotation_edits import with_frame, with_note
from ephemeral_gui.canvas.task_item import TaskItem
from ephemeral_gui.canvas.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = 120


class RandomHands:
    """One thing after the other, all by mouse and keys."""

    def __init__(self, hands: Any, seed: int) -> None:
        self.hands = hands
        self.random = random.Random(seed)  # noqa: S311  a test that can be repeated, not a secret
        self.things = (
            self.drag,
            self.drag,
            self.drag_and_undo,
            self.drag_and_be_interrupted,
            self.click,
            self.key,
            self.zoom,
            self.drop,
            self.undo,
            self.redo,
            self.cancel,
        )

    def act(self) -> None:
        self.random.choice(self.things)()

    def anywhere(self) -> QPointF:
        seen = self.hands.viewer.visible_rect
        return QPointF(self.random.uniform(seen.left(), seen.right()), self.random.uniform(seen.top(), seen.bottom()))

    def somewhere(self) -> QPointF:
        """Return a port, a node's title, a wire's middle or the ground."""
        items = list(self.hands.viewer.projection.items.values())
        wires = list(self.hands.viewer.projection.wires.values())
        if not items or self.random.random() < 0.2:
            return self.anywhere()
        if wires and self.random.random() < 0.2:
            return QPointF(self.random.choice(wires).middle)
        if (notes := list(self.hands.viewer.projection.annotations.items.values())) and self.random.random() < 0.2:
            body = self.random.choice(notes).body
            return QPointF(self.random.choice([body.topLeft() + QPointF(10, 10), body.bottomRight() - QPointF(4, 4)]))
        item = self.random.choice(items)
        places = [item.input_point(), item.output_point(), item.body.topLeft() + QPointF(20, 12)]
        chosen: QPointF = self.random.choice([place for place in places if place is not None])
        return chosen

    def drag(self) -> None:
        self.hands.drag(
            self.somewhere(), self.somewhere(), self.random.choice([Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier])
        )
        self.close_list()

    def drag_and_undo(self) -> None:
        end = self.somewhere()
        self.hands.press(self.somewhere())
        self.hands.move(end)
        self.undo()
        self.hands.release(end)
        self.close_list()

    def drag_and_be_interrupted(self) -> None:
        """Another button, another window, a zoom, a key, or a change from elsewhere, and the hand goes on as if nothing had been."""
        others = [
            lambda: self.hands.press(self.somewhere(), button=Qt.MouseButton.RightButton),
            lambda: self.hands.release(self.somewhere(), button=Qt.MouseButton.MiddleButton),
            lambda: QApplication.sendEvent(self.hands.viewer, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)),
            self.zoom,
            self.key,
            self.redo,
        ]
        self.hands.press(self.somewhere())
        self.hands.move(self.somewhere())
        self.random.choice(others)()
        self.hands.move(self.somewhere())
        self.hands.release(self.somewhere())
        self.close_list()

    def cancel(self) -> None:
        self.hands.press(self.somewhere())
        self.hands.move(self.somewhere())
        self.hands.type_keys(Qt.Key.Key_Escape)
        self.hands.release(self.somewhere())
        self.close_list()

    def click(self) -> None:
        self.hands.click(self.somewhere(), self.random.choice([Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier]))

    def key(self) -> None:
        control, plain = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
        keys = [(Qt.Key.Key_D, control), (Qt.Key.Key_C, control), (Qt.Key.Key_V, control), (Qt.Key.Key_X, control), (Qt.Key.Key_L, control)]
        keys += [(Qt.Key.Key_Delete, plain), (Qt.Key.Key_Right, plain), (Qt.Key.Key_D, plain), (Qt.Key.Key_F, plain)]
        self.hands.viewer.setFocus()
        self.hands.type_keys(*self.random.choice(keys))

    def zoom(self) -> None:
        self.hands.viewer.look_at(self.somewhere(), self.random.choice([0.2, 0.45, 0.7, 1.0, 1.6]))

    def drop(self) -> None:
        method = self.random.choice(["read", "split_words", "count", "double", "convert", "report"])
        self.hands.drop(self.anywhere(), f'["text", "{method}"]'.encode())

    def undo(self) -> None:
        self.hands.document.undo_stack.undo()

    def redo(self) -> None:
        self.hands.document.undo_stack.redo()

    def close_list(self) -> None:
        self.hands.canvas._adding.list.close_list()


@pytest.mark.parametrize("seed", range(4))
def test_that_nothing_a_hand_does_parts_the_scene_from_the_document(
    open_canvas: Callable[[JobMap], Any], small_map: JobMap, seed: int
) -> None:
    QGuiApplication.clipboard().clear()
    first = with_frame(with_note(small_map, "why", (-320.0, 240.0)), "Some", [QRectF(-352, 0, 376, 100)])
    hands = open_canvas(first)
    anyone = RandomHands(hands, seed)
    for _ in range(STEPS):
        anyone.act()
        hands.assert_mirrors_document()
    while hands.document.undo_stack.canUndo():
        anyone.undo()
    assert hands.document.job_map is first
    hands.assert_mirrors_document()


def test_that_two_thousand_tasks_are_two_thousand_items_and_no_port(open_canvas: Callable[[JobMap], Any]) -> None:
    names = [f"t{number}" for number in range(2000)]
    tasks = tuple(Task(name, TaskType.FUNCTION, namespace="text", method="report", consumes="any", produces="map") for name in names)
    edges = tuple(itertools.pairwise(names))
    positions = {name: (number % 45 * 200.0, number // 45 * 140.0) for number, name in enumerate(names)}
    hands = open_canvas(JobMap("Many", Datasource("direct", {}), tasks, edges, layout=Layout(positions=positions)))
    hands.canvas.fit()
    hands.canvas.grab()
    kinds = [type(item) for item in hands.viewer.scene().items()]
    assert (kinds.count(TaskItem), kinds.count(Wire), len(kinds)) == (2000, 1999, 2000 + 1999 + 2)
