"""A machine that sits at the whole window: what it knows, and how its hands find what they take."""

from __future__ import annotations

import copy
import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from typing_extensions import override

import ephemeral_gui
from ephemeral_gui.canvas.hit import hit_at
from tests.gui.shell.hands.plain_job import Tab

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator
    from pathlib import Path

    from ephemeral_gui.canvas.canvas import Canvas
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.main_window.window import MainWindow
    from tests.gui.shell.hands.plain_job import Plain

INDEX = st.integers(0, 20)
"""Of a task, a wire or a tab, where there are fewer counted around."""
MOST_TASKS = 9
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Bench:
    """What a test lends to its machines."""

    run: Callable[[Coroutine[Any, Any, Any]], Any]
    person: Callable[[MainWindow], Any]
    until: Callable[..., Awaitable[None]]
    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)
    done: Counter[str] = field(default_factory=Counter)


class AtTheWindow(RuleBasedStateMachine):
    """Has a window and the plain model of each of its tabs; those who derive from it add what hands do."""

    bench: ClassVar[Bench]

    @initialize()
    def sit_down(self) -> None:
        QApplication.clipboard().clear()
        self.copied: Plain | None = None
        self.bench.run(self._sit_down())
        self.tabs = [self._new_tab()]
        self.at = 0

    async def _sit_down(self) -> None:
        self.window = ephemeral_gui.open_window()
        await self._until(lambda: self.window.panels.palette)
        self.hands = self.bench.person(self.window)
        docks = self.window.docks
        docks["outline"].show()
        self.window.splitDockWidget(docks["palette"], docks["outline"], Qt.Orientation.Vertical)
        self.window.splitDockWidget(docks["problems"], docks["json"], Qt.Orientation.Horizontal)
        docks.reveal("problems")
        docks.reveal("json")
        definitions = self.window.catalog.definitions
        self.titles = {key: each.display_title for key, each in definitions.items()}
        await self.hands.press("Ctrl+N")

    @override
    def teardown(self) -> None:
        if hasattr(self, "window"):
            self.window.leaving.may_close = True
            self.window.close()

    # What is there ------------------------------------------------------------------------------------------------------------------

    @property
    def tab(self) -> Tab:
        return self.tabs[self.at]

    @property
    def plain(self) -> Plain:
        return self.tab.plain

    @property
    def document(self) -> Document:
        assert self.window.document is not None
        return self.window.document

    @property
    def canvas(self) -> Canvas:
        assert self.window.canvas is not None
        return self.window.canvas

    @property
    def names(self) -> list[str]:
        return list(self.plain["tasks"])

    def _new_tab(self) -> Tab:
        tasks = {"in": {"title": "in"}, "out": {"title": "out"}}
        return Tab([{"name": "New job", "tasks": tasks, "edges": set(), "positions": self._positions()}])

    def _positions(self) -> dict[str, Any]:
        return dict(self.document.job_map.layout.positions)

    def _name(self, index: int) -> str:
        return self.names[index % len(self.names)]

    def _copy(self) -> Plain:
        return copy.deepcopy(self.plain)

    def _did(self, what: str) -> None:
        self.bench.done[what] += 1

    async def _until(self, holds: Callable[[], object]) -> None:
        await self.bench.until(holds, 60)

    # What hands find ----------------------------------------------------------------------------------------------------------------

    def _hit(self, point: QPointF) -> Any:
        viewer = self.canvas.viewer
        return hit_at(viewer.projection, point, viewer.zoom)

    async def _touch_ground(self) -> None:
        """Click where nothing is: nothing is selected then, and the canvas has the keyboard."""
        viewer, ground = self.canvas.viewer, self.hands.ground
        places = (QPoint(x, y) for x in range(10, ground.width() - 10, 40) for y in range(10, ground.height() - 10, 40))
        place = next(place for place in places if self._hit(viewer.scene_point(place)).is_empty)
        await self.hands.click(ground, place)
        assert self.canvas.selected_keys() == []

    def _grip(self, name: str) -> QPoint | None:
        """Return where a task can be taken, None where others cover it or it is out of view."""
        item, ground = self.hands.item(name), self.hands.ground.rect()
        body = item.body
        for across, down in itertools.product((0.3, 0.5, 0.7), (0.15, 0.35, 0.6)):
            point = QPointF(body.left() + across * body.width(), body.top() + down * body.height())
            place = self.canvas.viewer.view_point(point)
            if ground.contains(place) and self._hit(self.canvas.viewer.scene_point(place)).item is item:
                return QPoint(place)
        return None

    async def _click_task(self, name: str) -> bool:
        """Select a task alone; return whether it could be seen."""
        if self._grip(name) is None:
            await self._touch_ground()
            await self.hands.press("Ctrl+1")
        place = self._grip(name)
        if place is None:
            return False
        await self.hands.click(self.hands.ground, place)
        assert self._selected() == {name}
        return True

    def _selected(self) -> set[str]:
        return {self.document.job_map.by_key[key].name for key in self.canvas.selected_keys()}

    async def _select(self, indices: set[int]) -> list[str]:
        """Select some tasks by clicks; return those that could be seen, in the order of the job map."""
        first, *others = sorted({self._name(index) for index in indices})
        if not await self._click_task(first):
            return []
        for name in others:
            place = self._grip(name)
            if place is not None:
                await self.hands.click(self.hands.ground, place, CTRL)
        selected = self._selected()
        assert first in selected
        return [name for name in self.names if name in selected]
