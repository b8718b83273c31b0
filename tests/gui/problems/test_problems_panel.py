from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtTest import QTest

from engine.problems import Problem, Severity
from ephemeral_gui.problems.model import FIX_COLUMN
from ephemeral_gui.problems.panel import NO_PROBLEMS, ProblemsPanel
from ephemeral_gui.widgets.theme import Look

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

HOSTILE = '<img src="file:///etc/passwd">'
ERROR = Problem("a", f"{HOSTILE} is not installed", "/tasks/4", "Tide table", line=55, column=3, hint="did you mean 'tides'?")
OTHER = Problem("b", "the argument 'path' is missing", "/tasks/1/init_args/path", "Open")
WARNING = Problem("c", "key 'colour' is not known", "/tasks/2/colour", "Plot", Severity.WARNING)


@pytest.fixture
def panel(qtbot: QtBot) -> ProblemsPanel:
    made = ProblemsPanel(Look())
    qtbot.addWidget(made)
    made.resize(1_000, 200)
    made.show()
    return made


def row(panel: ProblemsPanel, number: int) -> list[str]:
    model = panel.table.model()
    return [model.index(number, column).data() for column in range(model.columnCount())]


def test_that_an_empty_list_says_so(panel: ProblemsPanel) -> None:
    panel.show_problems([])
    assert panel._none.label.text() == NO_PROBLEMS
    assert panel._none.isVisible()
    panel.show_problems([ERROR])
    assert panel.table.isVisible()


def test_that_a_row_says_what_where_and_what_to_try(panel: ProblemsPanel) -> None:
    panel.show_problems([ERROR])
    assert row(panel, 0) == ["", f"{HOSTILE} is not installed", "Tide table", "55:3 /tasks/4", "did you mean 'tides'?", None]


def test_that_errors_stand_before_warnings(panel: ProblemsPanel) -> None:
    panel.show_problems([WARNING, ERROR, OTHER])
    assert list(panel.problems) == [ERROR, OTHER, WARNING]


def test_that_a_click_leads_to_the_problem(panel: ProblemsPanel, qtbot: QtBot) -> None:
    panel.show_problems([ERROR, OTHER])
    at = panel.table.visualRect(panel.table.model().index(1, 1)).center()
    with qtbot.waitSignal(panel.activated) as went:
        QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert went.args == [OTHER]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_that_the_keyboard_leads_there_too(panel: ProblemsPanel, qtbot: QtBot, key: Qt.Key) -> None:
    panel.show_problems([ERROR, OTHER])
    panel.table.setCurrentIndex(panel.table.model().index(0, 0))
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.activated) as went:
        QTest.keyClick(panel.table, key)
    assert went.args == [OTHER]


def test_that_the_current_problem_stays_current(panel: ProblemsPanel) -> None:
    panel.show_problems([ERROR, OTHER])
    panel.table.setCurrentIndex(panel.table.model().index(1, 0))
    panel.show_problems([OTHER, WARNING])
    assert panel.table.currentIndex().row() == 0


def test_that_a_row_is_copied_as_text(panel: ProblemsPanel) -> None:
    panel.show_problems([OTHER])
    panel.table.setCurrentIndex(panel.table.model().index(0, 0))
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "the argument 'path' is missing\tOpen\t/tasks/1/init_args/path"


def test_that_tool_tips_are_plain_text(panel: ProblemsPanel) -> None:
    panel.show_problems([ERROR])
    document = QTextDocument()
    document.setHtml(panel.table.model().index(0, 1).data(Qt.ItemDataRole.ToolTipRole))
    assert document.toPlainText() == ERROR.describe()


def test_that_severity_is_told_by_a_drawing_and_to_a_screen_reader(panel: ProblemsPanel) -> None:
    panel.show_problems([ERROR, WARNING])
    model = panel.table.model()
    icons = [model.index(number, 0).data(Qt.ItemDataRole.DecorationRole).cacheKey() for number in (0, 1)]
    assert len(set(icons)) == 2
    assert model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("warning: ")


def fixable(panel: ProblemsPanel) -> None:
    panel.offer_fixes(lambda problem: f"Mend {HOSTILE}" if problem is OTHER else None)
    panel.show_problems([ERROR, OTHER])


def test_that_a_click_on_the_button_of_a_row_asks_for_its_fix_and_leads_nowhere(panel: ProblemsPanel, qtbot: QtBot) -> None:
    fixable(panel)
    assert [row(panel, number)[FIX_COLUMN] for number in (0, 1)] == [None, f"Mend {HOSTILE}"]
    at = panel.table.visualRect(panel.table.model().index(1, FIX_COLUMN)).center()
    with qtbot.waitSignal(panel.fix_requested) as asked, qtbot.assertNotEmitted(panel.activated):
        QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert asked.args == [OTHER]


def test_that_enter_leads_to_the_problem_even_after_a_click_on_its_button(panel: ProblemsPanel, qtbot: QtBot) -> None:
    fixable(panel)
    panel.table.setCurrentIndex(panel.table.model().index(1, FIX_COLUMN))
    with qtbot.waitSignal(panel.activated) as went, qtbot.assertNotEmitted(panel.fix_requested):
        QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert went.args == [OTHER]


def test_that_where_a_row_has_no_button_a_click_leads_to_the_problem(panel: ProblemsPanel, qtbot: QtBot) -> None:
    fixable(panel)
    at = panel.table.visualRect(panel.table.model().index(0, FIX_COLUMN)).center()
    with qtbot.waitSignal(panel.activated) as went:
        QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert went.args == [ERROR]


def test_that_the_fix_of_the_current_row_is_taken_else_the_first_there_is(panel: ProblemsPanel, qtbot: QtBot) -> None:
    fixable(panel)
    with qtbot.waitSignal(panel.fix_requested) as asked:
        panel.fix_current()
    assert asked.args == [OTHER]


def test_that_a_fix_is_said_to_those_who_do_not_see_it(panel: ProblemsPanel) -> None:
    fixable(panel)
    spoken = [panel.table.model().index(number, FIX_COLUMN).data(Qt.ItemDataRole.AccessibleTextRole) for number in (0, 1)]
    assert spoken == ["No fix by one click", f"Fix: Mend {HOSTILE}"]


@pytest.mark.parametrize("width", [210, 340, 500, 526, 760, 1_000])
def test_that_problem_and_fix_are_in_sight_at_every_width(panel: ProblemsPanel, width: int) -> None:
    panel.offer_fixes(lambda _: "Rename to tides")
    panel.show_problems([ERROR])
    panel.resize(width, 200)
    shown = panel.table.viewport().rect()
    for column in (1, FIX_COLUMN):
        cell = panel.table.visualRect(panel.table.model().index(0, column))
        assert cell.width() >= min(100, width // 3)
        assert shown.contains(cell)
