"""What those hear who do not see the window: a name for each control that takes the keyboard or a click, each row, tab and state."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QTreeView,
    QWidget,
)

import ephemeral_gui
from engine.catalog.installation import JOBS
from engine.model.editing import describe, rename_task, replace_task

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[..., Awaitable[None]]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")  # the offscreen platform says so of lists that open

BRANCHING = JOBS / "branching-strings" / "job.json"
CLICKED = (QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)
MOST_ROWS = 400


def spoken(widget: QWidget) -> str:
    """Return the name that was given, else the words on the widget: ``QAccessible``, whose wrappers crash now and then, is not asked."""
    words = widget.text() if isinstance(widget, (QAbstractButton, QLabel)) else ""
    if isinstance(widget, QTabBar):
        words = widget.tabText(widget.currentIndex())
    return (widget.accessibleName() or words).replace("&", "").strip()


def nameless(root: QWidget) -> list[str]:
    """Return what can be seen in a window, can be reached or clicked, and says nothing."""
    seen = [each for each in root.findChildren(QWidget) if each.isVisibleTo(root)]
    silent = [f"{type(each).__name__} {each.objectName()} of {_path(each)}" for each in seen if _is_reached(each) and not spoken(each)]
    for each in seen:
        if isinstance(each, QTabBar):
            silent += [
                f"tab {index} of {each}" for index in range(each.count()) if not (each.tabText(index) or each.accessibleTabName(index))
            ]
        elif isinstance(each, QAbstractItemView) and not isinstance(each, QHeaderView) and each.model() is not None:
            silent += [f"row {row} of {each.objectName()}" for row in _silent_rows(each)]
        elif isinstance(each, QMenu):
            silent += [f"entry of {each.title()}" for action in each.actions() if not action.isSeparator() and not action.text()]
    return silent


def _is_reached(widget: QWidget) -> bool:
    """The bars and fields within a view, a list or a number field are Qt's: they are reached by its keys and named by it."""
    parent = widget.parentWidget()
    if widget.objectName().startswith("qt_") or isinstance(parent, (QAbstractSpinBox, QComboBox)) or isinstance(widget, QHeaderView):
        return False
    is_part = parent is not None and parent.objectName().startswith("qt_scrollarea")
    return not is_part and (widget.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(widget, CLICKED))


def _path(widget: QWidget) -> str:
    parent = widget.parentWidget()
    return f"{type(parent).__name__} {parent.objectName()}" if parent is not None else "no one"


def _silent_rows(view: QAbstractItemView) -> list[str]:
    model = view.model()
    return [str(index.row()) for index in itertools.islice(_indexes(model, QModelIndex()), MOST_ROWS) if not _words_of(index)]


def _indexes(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[QModelIndex]:
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        yield index
        yield from _indexes(model, index)


def _words_of(index: QModelIndex) -> str:
    roles = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
    model = index.model()
    columns = 1 if isinstance(model, QAbstractListModel) else max(1, model.columnCount(index.parent()))
    across = [index.siblingAtColumn(column) for column in range(columns)]
    return "".join(str(each.data(role) or "") for each in across for role in roles).strip()


@pytest.fixture
def window(qapp: object, tmp_path: Path) -> MainWindow:
    (tmp_path / "job.json").write_bytes(BRANCHING.read_bytes())
    opened = ephemeral_gui.open_window(tmp_path / "job.json")
    opened.resize(1680, 1050)
    opened.activateWindow()
    return opened


def break_it(window: MainWindow) -> None:
    """Make problems, some with a fix."""
    assert window.document is not None
    assert window.page is not None
    job_map = window.document.job_map
    job_map = replace_task(job_map, job_map.by_name["filter-long"].key, init_args={"comparison": "greter", "word_length": "x"})
    window.document.change("Break", rename_task(job_map, job_map.by_name["count-long"].key, ""))
    window.page.live_problems.check_now()


async def run(window: MainWindow, until: Until) -> None:
    runs = window.runs
    assert runs is not None
    window.actions_by_id["run.start"].trigger()
    await until(lambda: runs.last_result is not None and not runs.is_running, 60)


@pytest.mark.parametrize("state", ["empty", "ready", "done", "broken"])
async def test_that_every_control_and_row_of_every_panel_has_a_name(window: MainWindow, until: Until, state: str) -> None:
    if state == "empty":
        window.actions_by_id["file.close"].trigger()
    elif state == "done":
        await run(window, until)
    elif state == "broken":
        break_it(window)
    for name, dock in window.docks.by_name.items():
        window.docks.reveal(name)
        await until(lambda dock=dock: not dock.visibleRegion().isEmpty())
        assert nameless(dock) == []
        assert spoken(dock.widget())


async def test_that_every_control_of_the_window_and_of_each_form_has_a_name(window: MainWindow) -> None:
    assert window.document is not None
    assert window.canvas is not None
    for names in ([], ["in"], ["split"], ["filter-long"], ["long"], ["filter-long", "filter-short"]):
        window.canvas.select([window.document.job_map.by_name[name].key for name in names])
        for section in window.panels.inspector.findChildren(QPushButton):
            section.setChecked(section.isCheckable())
        assert nameless(window) == []


async def test_that_every_banner_has_names(window: MainWindow, tmp_path: Path) -> None:
    assert window.page is not None
    window.show_error("something went wrong")
    window.actions_by_id["help.tour"].trigger()
    window.page.comparing.start(BRANCHING)
    window.restricted_banner.say("not trusted")
    (tmp_path / "job.json").write_text("{}", "utf-8")
    window.page.file_changes.watch.check_now()
    assert nameless(window) == []


async def test_that_the_page_of_a_broken_file_and_the_welcome_page_have_names(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{", "utf-8")
    window.open_job_map(tmp_path / "bad.json")
    assert nameless(window) == []
    window.actions_by_id["help.welcome"].trigger()
    assert nameless(window) == []


# Dialogs --------------------------------------------------------------------------------------------------------------------------------


def changed(window: MainWindow) -> None:
    assert window.document is not None
    window.document.change("Rename", describe(window.document.job_map, name="Changed", description=None))
    window.actions_by_id["file.close"].trigger()


def differing(window: MainWindow) -> None:
    assert window.page is not None
    break_it(window)
    window.page.comparing.start(BRANCHING)
    window.page.comparing._list()


DIALOGS: dict[str, Callable[[MainWindow], object]] = {
    "settings": lambda window: window.actions_by_id["edit.settings"].trigger(),
    "shortcuts": lambda window: window.actions_by_id["help.shortcuts"].trigger(),
    "gallery": lambda window: window.actions_by_id["file.new_from_template"].trigger(),
    "about": lambda window: window.actions_by_id["help.about"].trigger(),
    "guide": lambda window: window.actions_by_id["help.guide"].trigger(),
    "a question": changed,
    "differences": differing,
}


def shown_dialogs() -> list[QDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


@pytest.mark.parametrize("name", DIALOGS)
async def test_that_every_control_and_row_of_a_dialog_has_a_name(window: MainWindow, until: Until, name: str) -> None:
    DIALOGS[name](window)
    await until(shown_dialogs)
    (dialog,) = shown_dialogs()
    assert dialog.windowTitle()
    assert nameless(dialog) == []
    dialog.close()
    await until(lambda: not shown_dialogs())


async def test_that_no_dialog_of_the_window_is_left_out(window: MainWindow, until: Until) -> None:
    for module in pkgutil.walk_packages(ephemeral_gui.__path__, "ephemeral_gui."):
        importlib.import_module(module.name)
    opened: set[type] = set()
    for ask in DIALOGS.values():
        ask(window)
        await until(shown_dialogs)
        opened |= {type(each) for each in shown_dialogs()}
        for dialog in shown_dialogs():
            dialog.close()
        await until(lambda: not shown_dialogs())
    ours = {kind for kind in _kinds(QDialog) if kind.__module__.startswith("ephemeral_gui")}
    assert ours - opened == set()
    assert QFileDialog not in opened  # the platform's own


def _kinds(kind: type[QDialog]) -> Iterator[type[QDialog]]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)


# Tasks, wires, states -------------------------------------------------------------------------------------------------------------------


def outline_words(window: MainWindow) -> list[str]:
    """Return what a screen reader is told of each line of the outline."""
    window.docks.reveal("outline")
    window.panels.outline._show_lines()
    tree = window.docks["outline"].findChild(QTreeView, "outline.tree")
    assert tree is not None
    return [str(index.data(Qt.ItemDataRole.AccessibleTextRole)) for index in _indexes(tree.model(), QModelIndex())]


async def test_that_the_outline_says_every_task_with_its_state_and_every_wire(window: MainWindow, until: Until) -> None:
    assert window.document is not None
    job_map = window.document.job_map
    await until(lambda: outline_words(window))
    before = outline_words(window)
    assert len(before) == len(job_map.tasks) + len(job_map.workflow)
    for one, other in job_map.workflow:
        assert any(line.startswith(f"wire from {one} to {other}") for line in before)
    for task in job_map.tasks:
        assert any(line.startswith(f"{task.name}, ") and "ready" in line for line in before)
    await run(window, until)
    await until(lambda: all("done" in line for line in outline_words(window) if not line.startswith("wire")))


async def test_that_the_canvas_says_what_is_selected_with_its_state_and_neighbours(window: MainWindow, until: Until) -> None:
    assert window.document is not None
    canvas: Any = window.canvas
    for task in window.document.job_map.tasks:
        canvas.select([task.key])
        assert spoken(canvas.viewer) == f"Canvas: {task.name}, Ready"
    canvas.select([window.document.job_map.by_name["split"].key])
    assert "from in" in canvas.viewer.accessibleDescription()
    assert "to capitalize" in canvas.viewer.accessibleDescription()
