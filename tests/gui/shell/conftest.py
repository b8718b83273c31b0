"""What tests of the whole window share: a person with a mouse and a keyboard, who counts what they do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton, QTreeView, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex

    from ephemeral_gui.canvas.canvas import Canvas
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.main_window.window import MainWindow

LEFT, NO_BUTTON, NO_KEYS, CTRL = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.NoButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
)
COPY = Qt.DropAction.CopyAction
STEPS = 5
TURNS = 10


class Person:
    """Acts on a window by mouse and keys alone. Each click, drag, turn of the wheel, key chord and typing of one text counts one.

    Attributes:
        done: what was done, in order.
    """

    def __init__(self, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
        self.window = window
        self.done: list[str] = []
        self._drop_at: tuple[QWidget, QPoint] | None = None
        monkeypatch.setattr(QDrag, "exec", lambda drag, *_: self._carry(drag))  # the platform's own drag and drop is the seam

    # What hands do ------------------------------------------------------------------------------------------------------------------

    async def click(self, widget: QWidget, at: QPoint | None = None, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        self._note("click", widget)
        QTest.mouseClick(widget, LEFT, modifiers, at or widget.rect().center())
        await self._settle()

    async def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        """Drag within a widget."""
        self._note("drag", widget)
        QTest.mousePress(widget, LEFT, NO_KEYS, start)
        for step in range(1, STEPS + 1):
            self._move(widget, start + (end - start) * (step / STEPS))
        QTest.mouseRelease(widget, LEFT, NO_KEYS, end)
        await self._settle()

    async def carry(self, widget: QWidget, start: QPoint, target: QWidget, end: QPoint) -> None:
        """Drag something out of a widget and let it go over another."""
        self._note("carry", widget)
        self._drop_at = (target, end)
        QTest.mousePress(widget, LEFT, NO_KEYS, start)
        for step in (5, 40):
            self._move(widget, start + QPoint(step, 4))
        assert self._drop_at is None, "nothing was dragged"
        QTest.mouseRelease(widget, LEFT, NO_KEYS, start)
        await self._settle()

    async def turn_wheel(self, widget: QWidget, missing: Callable[[], int]) -> None:
        """Turn the wheel until hardly anything is missing, in pixels downwards, or nothing moves any more."""
        self._note("wheel", widget)
        for _ in range(60):
            before = missing()
            place, turn = QPointF(widget.rect().center()), QPoint(0, -120 if before > 0 else 120)
            phase = Qt.ScrollPhase.NoScrollPhase
            wheel = QWheelEvent(place, widget.mapToGlobal(place), QPoint(), turn, NO_BUTTON, NO_KEYS, phase, False)  # noqa: FBT003  Qt's own
            QApplication.sendEvent(widget, wheel)
            await self._settle()
            if abs(missing()) >= abs(before) or abs(missing()) < 60:
                return

    async def press(self, keys: str) -> None:
        """Press a key chord where the keyboard's focus is."""
        self.done.append(f"press {keys}")
        await self._have_keyboard()
        chord = QKeySequence(keys)[0]
        QTest.keyClick(self._focus(), chord.key(), chord.keyboardModifiers())
        await self._settle()

    async def type(self, text: str) -> None:
        """Type a text where the keyboard's focus is."""
        self.done.append(f"type {text[:40]!r}")
        await self._have_keyboard()
        for letter in text:
            if letter.isascii():
                QTest.keyClicks(self._focus(), letter)
            else:
                QApplication.sendEvent(self._focus(), QKeyEvent(QEvent.Type.KeyPress, 0, NO_KEYS, letter))  # Qt's test has no key for it
        await self._settle()

    async def come_back(self) -> None:
        """Wait until the last dialog has gone and the window has the keyboard again, as a person does before the next key."""
        async with asyncio.timeout(20):
            while QApplication.activeWindow() is not self.window:
                if QApplication.activeWindow() is None:
                    self.window.activateWindow()
                await asyncio.sleep(0.001)

    # What eyes find -----------------------------------------------------------------------------------------------------------------

    @property
    def canvas(self) -> Canvas:
        canvas = self.window.canvas
        assert canvas is not None
        return canvas

    @property
    def ground(self) -> QWidget:
        return self.canvas.viewer.viewport()

    def item(self, name: str) -> TaskItem:
        document = self.window.document
        assert document is not None
        item = self.canvas.task_item(document.job_map.by_name[name].key)
        assert item is not None
        return item

    def place(self, point: QPointF) -> QPoint:
        """Return where a point of the canvas is seen; it must be."""
        place = self.canvas.viewer.view_point(point)
        assert self.ground.rect().contains(place), "what is wanted lies outside the view"
        return place

    async def field(self, name: str) -> QWidget:
        """Return a control of the inspector once it is seen."""
        async with asyncio.timeout(20):
            while not (seen := [each for each in self.window.docks["inspector"].findChildren(QWidget, name) if _is_seen(each)]):  # noqa: ASYNC110
                await asyncio.sleep(0.002)  # pages are laid out when Qt finds the time
        return seen[0]

    # Ways of a practised hand -------------------------------------------------------------------------------------------------------

    async def click_task(self, name: str) -> None:
        await self.click(self.ground, self.place(self.item(name).body.topLeft() + QPointF(30, 14)))

    async def wire(self, source: str, target: str) -> None:
        start, end = self.item(source).output_point(), self.item(target).input_point()
        assert start is not None
        assert end is not None
        await self.drag(self.ground, self.place(start), self.place(end))

    async def band(self, *names: str) -> None:
        """Select tasks by a band around them."""
        bodies = [self.item(name).body for name in names]
        area = bodies[0]
        for body in bodies:
            area = area.united(body)
        area = area.adjusted(-14, -14, 14, 14)
        await self.drag(self.ground, self.place(area.topLeft()), self.place(area.bottomRight()))

    async def take_to(self, title: str, task: str) -> None:
        """Drag a row of the palette onto a task."""
        tree, at = await self._row(title)
        await self.carry(tree.viewport(), at, self.ground, self.place(self.item(task).body.center()))

    async def fill(self, name: str, text: str) -> None:
        """Click into a field and type."""
        await self.click(await self.field(name))
        await self.type(text)

    async def fit(self) -> None:
        """Click the button that shows the whole map."""
        buttons = self.canvas.findChildren(QToolButton)
        await self.click(next(each for each in buttons if each.accessibleName() == "Fit the whole map"))

    async def choose(self, name: str, text: str) -> None:
        """Click a list open, and click one of its rows."""
        box = await self.field(name)
        assert isinstance(box, QComboBox)
        await self.click(box)
        row = box.view().visualRect(box.model().index(box.findText(text), 0))
        self._move(box.view().viewport(), row.center(), held=NO_BUTTON)  # Qt takes no row that the mouse has not moved to
        await self.click(box.view().viewport(), row.center())

    # ------------------------------------------------------------------------------------------------------------------------------------

    async def _row(self, title: str) -> tuple[QTreeView, QPoint]:
        tree = self.window.docks["palette"].findChild(QTreeView)
        assert tree is not None
        rows = _rows(tree, title)
        assert rows, f"the palette does not offer {title}"
        if not any(tree.viewport().rect().contains(tree.visualRect(row)) for row in rows):
            await self.turn_wheel(tree.viewport(), lambda: tree.visualRect(rows[-1]).center().y() - tree.viewport().height() // 2)
        seen = [at for at in map(tree.visualRect, rows) if tree.viewport().rect().contains(at)]
        return tree, seen[0].center()

    async def _settle(self) -> None:
        """Let the window do what follows from an action before the next one."""
        for _ in range(TURNS):
            await asyncio.sleep(0)
        await self._have_keyboard()

    async def _have_keyboard(self) -> None:
        """Wait until some window is active: keys that come before it are lost. Here is no window manager that would see to it."""
        try:
            async with asyncio.timeout(20):
                while not self._has_keyboard():
                    (QApplication.activeModalWidget() or self.window).activateWindow()
                    await asyncio.sleep(0.001)
        except TimeoutError:
            raise TimeoutError(f"nothing has the keyboard after {self.done[-1]}; active is {QApplication.activeWindow()}") from None

    @staticmethod
    def _has_keyboard() -> bool:
        """Whether a list hangs open, or a window that can be seen is active: that of a list that was closed may stay it."""
        active = QApplication.activeWindow()
        is_active = active is not None and active.isVisible() and QApplication.focusWidget() is not None
        return is_active or QApplication.activePopupWidget() is not None

    def _carry(self, drag: QDrag) -> Qt.DropAction:
        assert self._drop_at is not None
        (target, place), self._drop_at = self._drop_at, None
        mime = drag.mimeData()
        QApplication.sendEvent(target, QDragEnterEvent(place, COPY, mime, LEFT, NO_KEYS))
        QApplication.sendEvent(target, QDragMoveEvent(place, COPY, mime, LEFT, NO_KEYS))
        QApplication.sendEvent(target, QDropEvent(QPointF(place), COPY, mime, LEFT, NO_KEYS))
        return COPY

    def _move(self, widget: QWidget, to: QPoint, held: Qt.MouseButton = LEFT) -> None:
        at, on_screen = QPointF(to), QPointF(widget.mapToGlobal(to))
        QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, at, on_screen, NO_BUTTON, held, NO_KEYS))

    def _focus(self) -> QWidget:
        focus = QApplication.focusWidget()
        assert focus is not None, "nothing has the keyboard's focus"
        return focus

    def _note(self, what: str, widget: QWidget) -> None:
        parent = widget.parentWidget()
        self.done.append(f"{what} {widget.objectName() or (parent.objectName() if parent else None)}")


def _is_seen(widget: QWidget) -> bool:
    return widget.visibleRegion().boundingRect().contains(widget.rect().center())


def _rows(tree: QTreeView, title: str) -> list[QModelIndex]:
    flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    return list(tree.model().match(tree.model().index(0, 0), Qt.ItemDataRole.DisplayRole, title, -1, flags))


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Callable[[MainWindow], Person]:
    """Sits a person before a window of the size of a usual screen."""

    def sit_down(window: MainWindow) -> Person:
        window.resize(1680, 1050)
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        return Person(window, monkeypatch)

    return sit_down
