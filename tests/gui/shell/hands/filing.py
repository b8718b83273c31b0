"""Hands that save, close, open and go from tab to tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton

from engine.files import dump_job_map, load_job_map
from tests.gui.shell.hands.at_the_window import INDEX, AtTheWindow
from tests.gui.shell.hands.plain_job import Tab, plain_of

if TYPE_CHECKING:
    from pathlib import Path

MOST_TABS = 3


class Filing(AtTheWindow):
    """Each rule is one thing that a person does to files and tabs."""

    @rule()
    def save(self) -> None:
        self.bench.run(self._save())
        assert self.tab.path is not None
        assert plain_of(load_job_map(self.tab.path), self.titles) == self.plain
        assert self.tab.path.read_text("utf-8") == dump_job_map(self.document.job_map)
        self._did("save")

    async def _save(self) -> None:
        await self._touch_ground()
        await self.hands.press("Ctrl+S")
        if self.tab.path is None:
            self.tab.path = self.bench.folder / f"job-{next(self.bench.numbers)}.json"
            await self._give_path(self.tab.path)
        await self._until(lambda: not self.document.modified)
        self.tab.saved = self.tab.now

    async def _give_path(self, path: Path) -> None:
        await self._until(lambda: isinstance(QApplication.activeWindow(), QFileDialog))
        await self.hands.type(str(path))
        await self.hands.press("Return")
        await self.hands.come_back()

    @precondition(lambda self: self.tab.path is not None and self.tab.now == self.tab.saved)
    @rule()
    def close_and_open_again(self) -> None:
        tab, count = self.tab, len(self.tabs)

        async def act() -> None:
            await self.hands.press("Ctrl+W")
            await self._until(lambda: self.window.tabs.count() == max(1, count - 1))
            await self.hands.press("Ctrl+O")
            assert tab.path is not None
            await self._give_path(tab.path)
            await self._until(lambda: self.window.document is not None and self.window.document.path == tab.path)

        self.bench.run(act())
        del self.tabs[self.at]
        self.tabs.append(Tab([tab.plain], path=tab.path))
        self.at = len(self.tabs) - 1
        self._did("close and open again")

    @precondition(lambda self: len(self.tabs) < MOST_TABS)
    @rule()
    def new(self) -> None:
        self.bench.run(self.hands.press("Ctrl+N"))
        self.tabs.append(self._new_tab())
        self.at = len(self.tabs) - 1
        self._did("new")

    @precondition(lambda self: len(self.tabs) > 1)
    @rule(index=INDEX)
    def switch_tab(self, index: int) -> None:
        bar = self.window.tabs.tabBar()
        self.at = index % len(self.tabs)
        self.bench.run(self.hands.click(bar, bar.tabRect(self.at).center()))
        self._did("switch tabs")

    @precondition(lambda self: self.tab.now != self.tab.saved)
    @rule(answer=st.sampled_from(["cancel", "discard", "save"]))
    def close_with_changes(self, answer: str) -> None:
        if answer == "save" and self.tab.path is None:
            return
        tab, count = self.tab, len(self.tabs)

        async def act() -> None:
            await self.hands.press("Ctrl+W")
            await self._until(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
            box = QApplication.activeWindow()
            button = None if box is None else box.findChild(QPushButton, answer)
            assert button is not None
            await self.hands.click(button)
            await self._until(lambda: not self.window.leaving.is_asking)
            await self.hands.come_back()
            if answer != "cancel":
                await self._until(lambda: self.window.document is None or self.window.tabs.count() == count - 1)
                if count == 1:
                    await self.hands.press("Ctrl+N")

        self.bench.run(act())
        if answer == "save":
            assert tab.path is not None
            assert plain_of(load_job_map(tab.path), self.titles) == tab.plain
        if answer != "cancel":
            del self.tabs[self.at]
            self.tabs = self.tabs or [self._new_tab()]
            self.at = self.window.tabs.currentIndex()
        self._did(f"close with changes, {answer}")
