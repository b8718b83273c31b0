"""Hands that build a job: tasks, wires, places, names, arguments."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from tests.gui.shell.hands.at_the_window import INDEX, MOST_TASKS, AtTheWindow
from tests.gui.shell.hands.plain_job import LENGTH, METHODS, fits, free_name, renamed

NAMES = st.sampled_from(["a", "b c", "é", "<b>", "10", "Filter by length", "out"])


class Building(AtTheWindow):
    """Each rule is one thing that a person does to the job that is shown."""

    # Adding -------------------------------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.names) < MOST_TASKS)
    @rule(title=st.sampled_from(sorted(METHODS)))
    def add_from_the_palette(self, title: str) -> None:
        async def act() -> None:
            await self._touch_ground()
            tree, at = await self.hands._row(title)
            await self.hands.click(tree.viewport(), at)
            QTest.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
            QTest.mouseRelease(tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
            await self.hands._settle()

        self.bench.run(act())
        self._note_added(title, None)
        self._did("add from the palette")

    @precondition(lambda self: len(self.names) < MOST_TASKS)
    @rule(title=st.sampled_from(sorted(METHODS)), anchor=st.none() | INDEX)
    def quick_add(self, title: str, anchor: int | None) -> None:
        name = None if anchor is None else self._name(anchor)

        async def act() -> bool:
            if name is None:
                await self._touch_ground()
            elif not await self._click_task(name):
                return False
            await self.hands.press("Tab")
            await self.hands.type(title)
            await self.hands.press("Return")
            return True

        if self.bench.run(act()):
            self._note_added(title, name)
            self._did("quick add behind" if name else "quick add")

    def _note_added(self, title: str, anchor: str | None) -> None:
        state = self._copy()
        new = free_name(state, title)
        state["tasks"][new] = {"title": title, "args": dict(METHODS[title][2])}
        if anchor is not None and fits(state, anchor, new):
            state["edges"].add((anchor, new))
        state["positions"][new] = self._positions().get(new)
        self.tab.go_on(state)
        assert self._selected() == {new}

    # Wires, places, names -------------------------------------------------------------------------------------------------------------

    @rule(first=INDEX, second=INDEX)
    def wire(self, first: int, second: int) -> None:
        one, other = self._name(first), self._name(second)
        if one == other:
            return

        async def act() -> bool:
            await self._touch_ground()
            await self.hands.press("Ctrl+1")
            if self.canvas.viewer.zoom < 0.5:
                await self.hands.press("Ctrl+0")
            start, end = self.hands.item(one).output_point(), self.hands.item(other).input_point()
            if start is None or end is None or not self._is_port(start, one) or not self._is_port(end, other):
                return False
            await self.hands.drag(self.hands.ground, self.hands.place(start), self.hands.place(end))
            return True

        if self.bench.run(act()):
            state, is_fitting = self._copy(), fits(self.plain, one, other)
            if is_fitting:
                state["edges"].add((one, other))
            else:
                assert self.window.status.currentMessage()
            self.tab.go_on(state)
            self._did("wire" if is_fitting else "wire refused")

    def _is_port(self, point: QPointF, name: str) -> bool:
        place = self.canvas.viewer.view_point(point)
        port = self._hit(self.canvas.viewer.scene_point(place)).port
        return self.hands.ground.rect().contains(place) and port is not None and port.item is self.hands.item(name)

    @precondition(lambda self: self.plain["edges"])
    @rule(index=INDEX)
    def delete_wire(self, index: int) -> None:
        one, other = sorted(self.plain["edges"])[index % len(self.plain["edges"])]

        async def act() -> bool:
            await self._touch_ground()
            await self.hands.press("Ctrl+1")
            job_map, viewer = self.document.job_map, self.canvas.viewer
            wire = viewer.projection.wires[job_map.by_name[one].key, job_map.by_name[other].key]
            place = viewer.view_point(wire.middle)
            if not self.hands.ground.rect().contains(place) or self._hit(viewer.scene_point(place)).wire is not wire:
                return False
            await self.hands.click(self.hands.ground, place)
            await self.hands.press("Del")
            return True

        if self.bench.run(act()):
            state = self._copy()
            state["edges"].discard((one, other))
            self.tab.go_on(state)
            self._did("delete a wire")

    @rule(index=INDEX, across=st.integers(-160, 160), down=st.integers(-120, 120))
    def move(self, index: int, across: int, down: int) -> None:
        name = self._name(index)

        async def act() -> bool:
            if not await self._click_task(name):
                return False
            start = self._grip(name)
            end = start + QPoint(across, down)
            if not self.hands.ground.rect().adjusted(8, 8, -8, -8).contains(end):
                return False
            await self.hands.drag(self.hands.ground, start, end)
            return True

        if self.bench.run(act()):
            state, place = self._copy(), self._positions().get(name)
            assert place is not None
            way = QPointF(*place) - QPointF(*self.plain["positions"][name])
            assert (way - QPointF(across, down) / self.canvas.viewer.zoom).manhattanLength() <= 64 / self.canvas.viewer.zoom
            state["positions"][name] = place
            state["edges"] = self._edges_after_drop(name)
            self.tab.go_on(state)
            self._did("move")

    def _edges_after_drop(self, name: str) -> set[tuple[str, str]]:
        """A task without wires that is let go over one goes into it, where it fits."""
        before, now = self.plain["edges"], set(self.document.job_map.workflow)
        if now == before:
            return now
        assert not any(name in edge for edge in before)
        ((one, other),) = before - now
        assert now == (before - {(one, other)}) | {(one, name), (name, other)}
        assert fits(self.plain, one, name)
        assert fits(self.plain, name, other)
        self._did("drop on a wire")
        return now

    @rule()
    def lay_out(self) -> None:
        async def act() -> None:
            await self._touch_ground()
            await self.hands.press("Ctrl+L")

        self.bench.run(act())
        state = self._copy()
        state["positions"] = self._positions()
        assert state["positions"].keys() == state["tasks"].keys()
        self.tab.go_on(state)
        self._did("lay out")

    @rule(index=INDEX, new=NAMES)
    def rename(self, index: int, new: str) -> None:
        old = self._name(index)

        async def act() -> bool:
            if not await self._click_task(old):
                return False
            await self.hands.press("F2")
            await self.hands.type(new)
            await self.hands.press("Return")
            return True

        if self.bench.run(act()):
            is_free = new not in self.plain["tasks"] or new == old
            self.tab.go_on(renamed(self._copy(), old, new) if is_free else self._copy())
            self._did("rename" if is_free else "rename refused")

    @rule(index=INDEX, new=st.integers(1, 30))
    def edit_argument(self, index: int, new: int) -> None:
        filters = [name for name, task in self.plain["tasks"].items() if LENGTH in task.get("args", {})]
        name = filters[index % len(filters)] if filters else None
        if name is None or self.plain["tasks"][name]["args"][LENGTH] == new:
            return

        async def act() -> bool:
            if not await self._click_task(name):
                return False
            await self.hands.click(await self.hands.field(f"argument.{LENGTH}"))
            await self.hands.press("Ctrl+A")
            await self.hands.type(str(new))
            await self.hands.press("Tab")
            return True

        if self.bench.run(act()):
            state = self._copy()
            state["tasks"][name]["args"][LENGTH] = new
            self.tab.go_on(state)
            self._did("edit an argument")
