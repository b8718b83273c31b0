"""The history: every step by its name, and the way to each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest

from engine.model.editing import describe
from engine.model.job_map import empty_job_map
from ephemeral_gui.document.document import Document
from ephemeral_gui.history.panel import HistoryPanel
from ephemeral_gui.history.steps import FIRST
from ephemeral_gui.widgets.theme import Appearance, Look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication


@pytest.fixture
def document() -> Document:
    """A document that was renamed three times."""
    document = Document(empty_job_map())
    for name in ("one", "two", "three"):
        document.change(f"Name it {name}", describe(document.job_map, name=name, description=None))
    return document


@pytest.fixture
def panel(qapp: QApplication, document: Document) -> Iterator[HistoryPanel]:
    panel = HistoryPanel(Look(appearance=Appearance.DARK))
    panel.resize(280, 400)
    panel.show()
    panel.show_document(document)
    yield panel
    panel.show_document(None)
    panel.close()
    panel.deleteLater()


def texts(panel: HistoryPanel, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> list[str]:
    QTest.qWait(0)
    model = panel.view.model()
    return [model.index(row, 0).data(role) for row in range(model.rowCount(QModelIndex()))]


def go_to(panel: HistoryPanel, row: int) -> None:
    index = panel.view.model().index(row, 0)
    QTest.mouseClick(
        panel.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, panel.view.visualRect(index).center()
    )


def test_that_every_step_is_listed_by_its_name_the_last_one_as_now(panel: HistoryPanel) -> None:
    assert texts(panel) == [FIRST, "Name it one", "Name it two", "Name it three"]
    assert texts(panel, Qt.ItemDataRole.AccessibleTextRole)[3] == "Name it three, now"
    assert panel.view.currentIndex().row() == 3


def test_that_a_click_goes_back_to_a_step_and_forward_again(panel: HistoryPanel, document: Document) -> None:
    heard: list[str] = []
    document.changed.connect(lambda: heard.append(document.job_map.name))
    go_to(panel, 1)
    assert texts(panel, Qt.ItemDataRole.AccessibleTextRole)[1:] == ["Name it one, now", "Name it two, undone", "Name it three, undone"]
    go_to(panel, 3)
    go_to(panel, 3)
    assert heard == ["one", "three"]


def test_that_enter_goes_to_the_chosen_step(panel: HistoryPanel, document: Document) -> None:
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Home)
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert document.job_map is document.history().states[0]
    assert document.undo_stack.index() == 0


def test_that_a_change_drops_what_was_undone_from_the_list(panel: HistoryPanel, document: Document) -> None:
    go_to(panel, 1)
    document.change("Name it other", describe(document.job_map, name="other", description=None))
    assert texts(panel) == [FIRST, "Name it one", "Name it other"]


def test_that_the_saved_step_is_marked(panel: HistoryPanel, document: Document, tmp_path: Path) -> None:
    document.mark_saved(tmp_path / "job.json")
    document.change("Name it four", describe(document.job_map, name="four", description=None))
    assert texts(panel, Qt.ItemDataRole.AccessibleTextRole)[3:] == ["Name it three, saved", "Name it four, now"]


def test_that_a_hidden_history_follows_when_it_is_shown(panel: HistoryPanel, document: Document) -> None:
    panel.hide()
    document.undo_stack.undo()
    panel.show()
    assert panel.view.currentIndex().row() == 2
    panel.show_document(None)
    assert panel.view.model().rowCount(QModelIndex()) == 0
