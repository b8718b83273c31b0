"""What a screen reader is told of the canvas, step by step along the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from ephemeral_gui.canvas.annotation_edits import with_note

if TYPE_CHECKING:
    from typing import Any


def said(hands: Any) -> tuple[str, str]:
    return hands.viewer.accessibleName(), hands.viewer.accessibleDescription()


def test_that_each_step_says_the_task_its_state_its_types_and_its_neighbours(hands: Any) -> None:
    assert said(hands) == ("Canvas: 6 tasks", "")
    hands.canvas.select([hands.key_of("read")])
    assert said(hands) == ("Canvas: read, Ready", "text.read, takes any, gives string, Ready, from in, to split")
    hands.type_keys(Qt.Key.Key_Right)
    assert said(hands)[0] == "Canvas: split, Ready"
    hands.canvas.select_all()
    assert said(hands) == ("Canvas: 6 tasks selected", "")


def test_that_a_selected_wire_says_its_ends_and_its_type(hands: Any) -> None:
    hands.click(hands.wire_middle("read", "split"))
    assert said(hands) == ("Canvas: Wire read → split", "string")


def test_that_a_selected_note_says_its_text(hands: Any) -> None:
    hands.document.change("note", with_note(hands.document.job_map, "why\nso", (-320.0, 240.0)))
    hands.click(next(iter(hands.viewer.projection.annotations.items.values())).body.center())
    assert said(hands)[0] == "Canvas: Note: why so"


def test_that_a_listener_is_told_of_every_step(hands: Any) -> None:
    QAccessible.setActive(True)
    try:
        hands.canvas.select([hands.key_of("read")])
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
            hands.type_keys(key)
        assert said(hands)[0] == "Canvas: split, Ready"
    finally:
        QAccessible.setActive(False)
