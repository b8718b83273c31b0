"""Hands that take away, copy and go back, on the canvas and in the text."""

from __future__ import annotations

import copy

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from tests.gui.shell.hands.at_the_window import INDEX, MOST_TASKS, AtTheWindow
from tests.gui.shell.hands.plain_job import free_name


class GoingBack(AtTheWindow):
    """Each rule is one thing that a person does to what is there already."""

    # JSON -----------------------------------------------------------------------------------------------------------------------------

    @rule(letters=st.sampled_from(["x", "ab", "é 1"]))
    def type_into_the_json(self, letters: str) -> None:
        async def act() -> None:
            await self._go_into_the_json()
            for keys in ("Down", "End", "Left", "Left"):
                await self.hands.press(keys)
            await self.hands.type(letters)
            await self._touch_ground()

        self.bench.run(act())
        state = self._copy()
        state["name"] += letters
        self.tab.go_on(state)
        self._did("type into the JSON")

    @rule()
    def type_nonsense_into_the_json(self) -> None:
        async def act() -> None:
            await self._go_into_the_json()
            before = self.document.job_map
            await self.hands.type("]")
            assert self.document.job_map is before
            assert self.window.panels.json.findChild(QPushButton, "json.go").isVisible()
            await self.hands.press("Ctrl+Z")  # of the text, as long as it means no job map
            await self._touch_ground()

        self.bench.run(act())
        self._did("type nonsense into the JSON")

    async def _go_into_the_json(self) -> None:
        text = self.window.docks["json"].findChild(QPlainTextEdit, "json.text")
        await self.hands.click(text.viewport(), QPoint(80, 10))
        await self.hands.press("Ctrl+Home")

    # Deleting, copying, going back ------------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.names) > 2)
    @rule(indices=st.sets(INDEX, min_size=1, max_size=2))
    def delete(self, indices: set[int]) -> None:
        async def act() -> list[str]:
            chosen = await self._select(indices)
            if chosen:
                await self.hands.press("Del")
            return chosen

        gone = self.bench.run(act())
        state = self._copy()
        state["tasks"] = {name: task for name, task in state["tasks"].items() if name not in gone}
        state["edges"] = {edge for edge in state["edges"] if not set(gone) & set(edge)}
        state["positions"] = {name: place for name, place in state["positions"].items() if name not in gone}
        self.tab.go_on(state)
        self._did("delete")

    @rule(indices=st.sets(INDEX, min_size=1, max_size=3))
    def copy(self, indices: set[int]) -> None:
        async def act() -> list[str]:
            chosen = await self._select(indices)
            if chosen:
                await self.hands.press("Ctrl+C")
            return chosen

        chosen = self.bench.run(act())
        if chosen:
            edges = {edge for edge in self.plain["edges"] if set(chosen).issuperset(edge)}
            self.copied = copy.deepcopy({"tasks": {name: self.plain["tasks"][name] for name in chosen}, "edges": edges})
            self._did("copy")

    @precondition(lambda self: self.copied is not None and len(self.names) < MOST_TASKS)
    @rule()
    def paste(self) -> None:
        async def act() -> None:
            await self._touch_ground()
            await self.hands.press("Ctrl+V")

        self.bench.run(act())
        assert self.copied is not None
        state, new = self._copy(), {}
        has_input = any(task["title"] == "in" for task in state["tasks"].values())
        for name, task in self.copied["tasks"].items():
            if task["title"] != "in" or not has_input:
                new[name] = free_name(state, name)
                state["tasks"][new[name]] = copy.deepcopy(task)
                state["positions"][new[name]] = self._positions().get(new[name])
        state["edges"] |= {(new[one], new[other]) for one, other in self.copied["edges"] if one in new and other in new}
        self.tab.go_on(state)
        assert self._selected() == set(new.values())
        self._did("paste")

    @rule(keys=st.sampled_from(["Ctrl+Z", "Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z"]), times=st.integers(1, 3))
    def undo_or_redo(self, keys: str, times: int) -> None:
        async def act() -> None:
            await self._touch_ground()
            for _ in range(times):
                await self.hands.press(keys)

        self.bench.run(act())
        step = -times if keys == "Ctrl+Z" else times
        self.tab.now = min(max(0, self.tab.now + step), len(self.tab.states) - 1)
        self._did("undo" if keys == "Ctrl+Z" else "redo")
