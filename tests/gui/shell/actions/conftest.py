"""What the tests of the actions share: a window on a job, and each action done in every way that a person has.

A test names its action by ``@pytest.mark.action("edit.cut")``. It is run once with the action triggered, as menu, tool bar and search
do it, and once with each of its keys pressed in the window; ``do`` is that act.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

import ephemeral_gui
from engine.catalog.installation import JOBS
from ephemeral_gui.actions.rows import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from engine.model.job_map import JobMap, Task
    from ephemeral_gui.actions.rows import Action
    from ephemeral_gui.canvas.canvas import Canvas
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.main_window.window import MainWindow

    Act = Callable[[], Awaitable[None]]

BRANCHING = JOBS / "branching-strings" / "job.json"
TURNS = 10


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "action(id): what this action does, in each way in which it can be asked for")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of an action by the action itself and by each of its keys."""
    marker = metafunc.definition.get_closest_marker("action")
    if marker is not None:
        row = ACTIONS[marker.args[0]]
        ways = [(row, keys) for keys in (None, *row.keys)]
        metafunc.parametrize("do", ways, indirect=True, ids=[keys or "itself" for _, keys in ways])


class Desk:
    """A window on the job of branching strings, and what a test sees of it."""

    def __init__(self, window: MainWindow, file: Path, until: Callable[[Callable[[], object]], Awaitable[None]]) -> None:
        self.window = window
        self.file = file
        self.until = until

    @property
    def document(self) -> Document:
        assert self.window.document is not None
        return self.window.document

    @property
    def canvas(self) -> Canvas:
        assert self.window.canvas is not None
        return self.window.canvas

    @property
    def map(self) -> JobMap:
        return self.document.job_map

    @property
    def names(self) -> list[str]:
        return [task.name for task in self.map.tasks]

    @property
    def selected(self) -> set[str]:
        return {self.map.by_key[key].name for key in self.canvas.selected_keys()}

    @property
    def dialogs(self) -> list[QDialog]:
        return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]

    def task(self, name: str) -> Task:
        return self.map.by_name[name]

    def item(self, name: str) -> TaskItem:
        item = self.canvas.task_item(self.task(name).key)
        assert item is not None
        return item

    def select(self, *names: str) -> None:
        self.canvas.select([self.task(name).key for name in names])
        self.canvas.viewer.setFocus()

    def change(self, job_map: JobMap) -> None:
        """Edit the job by another road than that of the action."""
        self.document.change("Prepare", job_map)
        assert self.window.page is not None
        self.window.page.live_problems.check_now()

    def shown(self, name: str, kind: type[QWidget] = QWidget) -> Any:
        """Return a control of that name that can be seen."""
        found = [each for each in QApplication.allWidgets() if isinstance(each, kind) and each.objectName() == name and each.isVisible()]
        return found[0] if found else None

    def says(self) -> str:
        """Return the words of the status bar."""
        return self.window.status.currentMessage()

    async def press(self, keys: str) -> None:
        """Press keys where the keyboard is."""
        focus = QApplication.focusWidget()
        assert focus is not None, "nothing has the keyboard's focus"
        chord = QKeySequence(keys)[0]
        QTest.keyClick(focus, chord.key(), chord.keyboardModifiers())
        await settled()

    async def type(self, text: str, *, then: str = "Return") -> None:
        """Type where the keyboard is."""
        focus = QApplication.focusWidget()
        assert focus is not None, "nothing has the keyboard's focus"
        QTest.keyClicks(focus, text)
        await self.press(then)

    async def choose_file(self, path: Path) -> None:
        """Type a path into the dialog that asks for one."""
        await self.until(lambda: QApplication.activeWindow() in self.dialogs)
        await self.type(str(path))
        await self.until(lambda: not self.dialogs)

    async def answer(self, dialog: str, button: str) -> None:
        """Press a button of a question."""
        await self.until(lambda: self.shown(dialog))
        self.shown(dialog).findChild(QPushButton, button).click()
        await self.until(lambda: not self.shown(dialog))

    async def runs_to_its_end(self) -> Any:
        """Return the result of the run that goes on."""
        runs = self.window.runs
        assert runs is not None
        await self.until(lambda: runs.last_result is not None and not runs.is_running)
        return runs.last_result


async def settled() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "job.json"
    path.write_bytes(BRANCHING.read_bytes())
    return path


@pytest.fixture
def desk(qapp: object, file: Path, until: Callable[[Callable[[], object]], Awaitable[None]]) -> Desk:
    """A window that has the keyboard on its canvas."""
    QApplication.clipboard().clear()
    window = ephemeral_gui.open_window(file)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    sat_down = Desk(window, file, until)
    sat_down.canvas.viewer.setFocus()
    return sat_down


@pytest.fixture
def do(desk: Desk, request: pytest.FixtureRequest) -> Act:
    """Do the action of the test in the way of this run, once; the action itself must have been asked."""
    row, keys = request.param
    return _act(desk, row, keys)


def _act(desk: Desk, row: Action, keys: str | None) -> Act:
    async def act() -> None:
        action, asked = desk.window.actions_by_id[row.id], []
        assert action.isEnabled(), f"{row.id} cannot be used here"
        action.triggered.connect(lambda: asked.append(row.id))
        if keys is None:
            action.trigger()
        else:
            await desk.press(keys)
        await settled()
        assert asked == [row.id], f"{keys} did not ask {row.id}"

    return act


@pytest.fixture
def tested_ids() -> set[str]:
    """The ids that the tests of this folder name."""
    marked = re.compile(r'^@pytest\.mark\.action\("([a-z_.]+)"\)\nasync def test_that_', re.MULTILINE)
    return {found for path in Path(__file__).parent.glob("test_*.py") for found in marked.findall(path.read_text("utf-8"))}
