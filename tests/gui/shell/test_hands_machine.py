"""Hands that do anything to the whole window by mouse and keys: all that shows a job map agrees with a plain model of it."""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPlainTextEdit, QPushButton, QTreeView
from typing_extensions import override

import ephemeral_gui
from engine.files import dump_job_map, load_job_map
from engine.validation import validate
from ephemeral_gui.canvas.canvas import Canvas
from ephemeral_gui.canvas.editor import Editor
from ephemeral_gui.canvas.hit import hit_at
from ephemeral_gui.document.document import Document
from ephemeral_gui.document.live_problems import LiveProblems
from ephemeral_gui.inspector.panel import InspectorPanel
from ephemeral_gui.json_view.panel import JsonPanel
from ephemeral_gui.outline.panel import OutlinePanel

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Coroutine, Iterator
    from pathlib import Path

    from engine.model.job_map import JobMap
    from ephemeral_gui.main_window.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")  # the offscreen platform says so of lists that open

Plain = dict[str, Any]
"""A job map as a plain model: ``name``, ``tasks`` (name to method and arguments, in order), ``edges`` and ``positions``."""

METHODS = {
    "Split into words": ("string", "words", {}),
    "Capitalize words": ("words", "words", {}),
    "Filter by length": ("words", "words", {"word_length": 4, "comparison": "greater"}),
    "Count characters": ("words", "numbers", {}),
}
"""By title: what it takes, what it gives, and the arguments that a new task has."""
LENGTH = "word_length"
NAMES = st.sampled_from(["a", "b c", "é", "<b>", "10", "Filter by length", "out"])
INDEX = st.integers(0, 20)
MOST_TASKS = 9
MOST_TABS = 3
CTRL = Qt.KeyboardModifier.ControlModifier


def fits(plain: Plain, source: str, target: str) -> bool:
    """Whether the window may wire the one to the other."""
    giver, taker = plain["tasks"][source]["title"], plain["tasks"][target]["title"]
    if giver == "out" or taker == "in" or source == target or (source, target) in plain["edges"] or leads(plain, target, source):
        return False
    return giver == "in" or taker == "out" or METHODS[giver][1] == METHODS[taker][0]


def leads(plain: Plain, start: str, end: str) -> bool:
    """Whether wires lead from the one to the other."""
    return any(leads(plain, other, end) or other == end for one, other in plain["edges"] if one == start)


def free_name(plain: Plain, wanted: str) -> str:
    stem = re.sub(r" \d+$", "", wanted)
    return next(name for name in (wanted, stem, *(f"{stem} {number}" for number in range(2, 1000))) if name not in plain["tasks"])


def plain_of(job_map: JobMap, titles: dict[tuple[str, str], str]) -> Plain:
    """What a job map says, in the form of the plain model."""
    tasks = {
        task.name: {"title": titles[task.namespace, task.method] if task.is_function else str(task.type.value)[:3].replace("inp", "in")}
        | ({"args": dict(task.init_args)} if task.is_function else {})
        for task in job_map.tasks
    }
    return {"name": job_map.name, "tasks": tasks, "edges": set(job_map.workflow), "positions": dict(job_map.layout.positions)}


@dataclass
class Tab:
    """One open job map and its history."""

    states: list[Plain]
    now: int = 0
    saved: int = 0
    path: Path | None = None

    @property
    def plain(self) -> Plain:
        return self.states[self.now]

    def go_on(self, state: Plain) -> None:
        """Note a step; none where nothing changed."""
        if state != self.plain:
            self.saved = self.saved if self.saved <= self.now else -1
            self.states[self.now + 1 :] = [state]
            self.now += 1


@dataclass
class Bench:
    """What a test lends to its machines."""

    run: Callable[[Coroutine[Any, Any, Any]], Any]
    person: Callable[[MainWindow], Any]
    until: Callable[..., Awaitable[None]]
    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)
    done: Counter[str] = field(default_factory=Counter)


class HandsMachine(RuleBasedStateMachine):
    """Every rule acts on the window as hands do and on the plain model as words do; the invariant compares all that is shown."""

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
            self.tab.go_on(_renamed(self._copy(), old, new) if is_free else self._copy())
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

    # Files and tabs ---------------------------------------------------------------------------------------------------------------------

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

    # What must agree ----------------------------------------------------------------------------------------------------------------------

    @invariant()
    def all_that_is_shown_is_the_plain_model(self) -> None:
        if not hasattr(self, "tabs"):
            return
        self.bench.run(self._come_to_rest())
        assert plain_of(self.document.job_map, self.titles) == self.plain
        assert [task.name for task in self.document.job_map.tasks] == self.names
        self._check_history()
        self._check_canvas()
        self._check_outline()
        self._check_inspector()
        self._check_problems()
        assert self.window.panels.json.editor.text == dump_job_map(self.document.job_map)
        assert not self.window.had_bug
        assert not self.window.error_banner.isVisible()
        self._did("compared")

    async def _come_to_rest(self) -> None:
        """Wait until the problems have followed the last edit and panels are laid out."""
        assert self.window.page is not None
        quiet = self.window.page.live_problems._pause
        await self._until(lambda: not quiet.isActive())
        await self.hands._settle()

    def _check_history(self) -> None:
        stack, tab = self.document.undo_stack, self.tab
        assert (stack.index(), stack.count()) == (tab.now, len(tab.states) - 1)
        assert self.window.isWindowModified() == (tab.now != tab.saved)
        assert self.window.tabs.count() == len(self.tabs)
        assert self.window.tabs.currentIndex() == self.at
        assert self.document.path == tab.path
        is_modified = [self.window.tabs.tabText(number).endswith("\N{BULLET}") for number in range(len(self.tabs))]
        assert is_modified == [each.now != each.saved for each in self.tabs]

    def _check_canvas(self) -> None:
        projection = self.canvas.viewer.projection
        assert sorted(item.name for item in projection.items.values()) == sorted(self.names)
        assert {(wire.source.name, wire.target.name) for wire in projection.wires.values()} == self.plain["edges"]
        assert {item.name: (item.pos().x(), item.pos().y()) for item in projection.items.values()} == self.plain["positions"]

    def _check_outline(self) -> None:
        tree = self.window.docks["outline"].findChild(QTreeView, "outline.tree")
        model = tree.model()
        rows = [model.index(row, 0) for row in range(model.rowCount())]
        assert sorted(row.data() for row in rows) == sorted(self.names)
        wires = {(row.data(), model.index(line, 0, row).data()) for row in rows for line in range(model.rowCount(row))}
        assert wires == {(one, f"to {other}") for one, other in self.plain["edges"]}
        assert {index.data() for index in tree.selectionModel().selectedRows()} == self._selected()

    def _check_inspector(self) -> None:
        selected = self._selected()
        if len(selected) != 1:
            return
        (name,) = selected
        inspector = self.window.docks["inspector"]
        shown = {each.objectName(): each.text() for each in inspector.findChildren(QLineEdit) if each.isVisibleTo(inspector)}
        assert shown["name"] == name
        arguments = self.plain["tasks"][name].get("args", {})
        if LENGTH in arguments:
            assert shown[f"argument.{LENGTH}"] == str(arguments[LENGTH])

    def _check_problems(self) -> None:
        found = validate(self.document.job_map, self.window.catalog)
        assert list(self.window.panels.shown_problems) == found
        assert {item.name for item in self.canvas.viewer.projection.items.values() if item.face.problems} == {
            problem.task for problem in found if problem.task in self.plain["tasks"]
        }


def _renamed(state: Plain, old: str, new: str) -> Plain:
    def name_of(name: str) -> str:
        return new if name == old else name

    return {
        **state,
        "tasks": {name_of(name): task for name, task in state["tasks"].items()},
        "edges": {(name_of(one), name_of(other)) for one, other in state["edges"]},
        "positions": {name_of(name): place for name, place in state["positions"].items()},
    }


# Running it -----------------------------------------------------------------------------------------------------------------------------

CHECKS = list(HealthCheck)
"""A window is slow beside what Hypothesis has in mind."""
FIXED: dict[str, Any] = {"derandomize": True, "database": None, "phases": [Phase.generate]}


@pytest.fixture
def bench(qt_runner: asyncio.Runner, person: Callable[[MainWindow], Any], until: Callable[..., Awaitable[None]], tmp_path: Path) -> Bench:
    return Bench(qt_runner.run, person, until, tmp_path)


def run_machine(bench: Bench, name: str, examples: int, steps: int, **options: Any) -> Counter[str]:
    """Run a machine of that name, which decides on what is drawn where nothing is left to luck; return what was done how often."""
    machine = type(name, (HandsMachine,), {"bench": bench})
    chosen = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=CHECKS, **options)
    run_state_machine_as_test(machine, settings=chosen)
    return bench.done


@pytest.mark.parametrize("part", ["first", "second", "third", "fourth"])
def test_that_whatever_hands_do_all_that_is_shown_agrees(bench: Bench, part: str) -> None:
    done = run_machine(bench, f"{part}_hands", 3, 12, **FIXED)
    assert done["compared"] >= 24, done


@pytest.mark.long  # ten minutes of clicks and keys
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(4))
def test_that_it_holds_for_thousands_of_steps(bench: Bench, part: int) -> None:
    done = run_machine(bench, f"long_hands_{part}", 14, 50, phases=[Phase.generate])
    print(part, json.dumps(done))  # noqa: T201  the counts are what a long run is looked at for
    assert done["compared"] >= 400, done


FAULTS: dict[str, tuple[type, str, Callable[..., Any]]] = {
    "a canvas that does not follow": (Canvas, "_follow_document", lambda _: None),
    "a text that does not follow": (JsonPanel, "_document_changed", lambda _: None),
    "an outline that does not follow": (OutlinePanel, "_show_lines", lambda _: None),
    "an inspector that does not follow": (InspectorPanel, "show_selection", lambda _self, _keys: None),
    "problems that are not checked": (LiveProblems, "check_now", lambda self: self._pause.stop()),
    "wires that are never drawn": (Editor, "rewire", lambda *_: False),
    "a move that is not kept": (Editor, "move", lambda *_: None),
    "a change that is no step": (Document, "change", lambda self, _text, job_map, **_: self._show(job_map)),
    "a save that forgets what it saved": (Document, "mark_saved", lambda self, *_: self.undo_stack.setClean()),
}


@pytest.mark.parametrize("fault", [pytest.param(name, marks=() if number < 3 else pytest.mark.long) for number, name in enumerate(FAULTS)])
def test_that_the_machine_finds(bench: Bench, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """What is planted here must be found, or the machine sees nothing."""
    owner, name, replacement = FAULTS[fault]
    monkeypatch.setattr(owner, name, replacement)
    with pytest.raises((AssertionError, KeyError, TimeoutError)):
        run_machine(bench, "faulty_hands", 30, 20, **FIXED)
