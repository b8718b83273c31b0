"""A document driven at random does what a plain model of lists and dictionaries does."""

from __future__ import annotations

import copy
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from typing_extensions import override

from engine.catalog import load_catalog
from engine.files import dump_job_map
from engine.model import editing
from engine.model.job_map import Datasource, Disabled, JobMap, Task, TaskType, empty_job_map
from ephemeral_gui.canvas.clipboard import PasteError, copied_text, pasted
from ephemeral_gui.document.document import Document
from ephemeral_gui.document.keeper import Keeper
from ephemeral_gui.document.recovery import bring_back, read_copy
from ephemeral_gui.document.storage import open_document, save_document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NAMES = st.sampled_from(["a", "b", "a 2", "\u00e9", "e\u0301", "<b>", " ", "\U0001f600", "x/y~z", "10"])
VALUES = st.sampled_from([0, False, 0.0, 1, True, 1.0, -0.0, None, "", "text", [], [1], [True], {}, {"k": [None]}, 2**70, 0.1])
PLACES = st.tuples(st.integers(-50, 50), st.integers(-50, 50))
INDEX = st.integers(0, 30)
INDICES = st.sets(INDEX, min_size=1, max_size=4)
Plain = dict[str, Any]


def text_of(plain: Plain) -> str:
    """What the plain model would be saved as; ``uid`` is its own business."""
    tasks = [{key: value for key, value in task.items() if key != "uid"} for task in plain["tasks"]]
    positions = {"positions": plain["positions"]} if plain["positions"] else None
    data = {**plain["head"], "datasource": plain["datasource"], "tasks": tasks, "workflow": plain["workflow"]}
    return json.dumps(data | ({"layout": positions} if positions else {}), indent=2, ensure_ascii=False) + "\n"


class DocumentMachine(RuleBasedStateMachine):
    """Every rule does the same to the document and to the plain model; the invariants compare them."""

    steps: ClassVar[int] = 0
    """How many comparisons there were, in all machines."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name) / "job.json"
        self.catalog = load_catalog()
        self.document = Document(empty_job_map())
        self.uid = 0
        self.keys: dict[int, int] = {}
        self.clipboard: str | None = None
        self.copied: Plain = {}
        first: Plain = {
            "head": {"name": "New job"},
            "datasource": {"source": "direct", "content": {"input": ""}},
            "tasks": [{"uid": self._new(), "name": "in", "type": "input"}, {"uid": self._new(), "name": "out", "type": "output"}],
            "workflow": [],
            "positions": {"in": [0.0, 28.0], "out": [448.0, 28.0]},
        }
        self._restart(first, clean=0)

    @override
    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    # Doing the same to both ---------------------------------------------------------------------------------------------------------

    def _restart(self, state: Plain, clean: int) -> None:
        self.states, self.now, self.clean = [state], 0, clean
        self.merges: list[str | None] = [None]
        self.first_text = text_of(state)

    def _new(self) -> int:
        self.uid += 1
        return self.uid

    @property
    def plain(self) -> Plain:
        return self.states[self.now]

    @property
    def job_map(self) -> JobMap:
        return self.document.job_map

    def _task(self, index: int) -> Task:
        return self.job_map.tasks[index % len(self.job_map.tasks)]

    def _chosen(self, indices: set[int]) -> list[int]:
        return sorted({index % len(self.plain["tasks"]) for index in indices}) if self.plain["tasks"] else []

    def _do(self, job_map: JobMap, change: Callable[[Plain], None], merge: str | None = None) -> None:
        state = copy.deepcopy(self.plain)
        change(state)
        self.document.change("Change", job_map, merge=merge)
        if text_of(state) == text_of(self.plain):
            event("no change")
            return
        merges_with_last = merge is not None and self.now > 0 and self.merges[self.now] == merge and self.now != self.clean
        if merges_with_last:
            self.now -= 1
        elif self.clean > self.now:
            self.clean = -1
        self.states[self.now + 1 :] = [state]
        self.merges[self.now + 1 :] = [merge]
        self.now += 1

    # Editing ------------------------------------------------------------------------------------------------------------------------

    @rule(name=NAMES, at=PLACES, value=VALUES)
    def add(self, name: str, at: tuple[int, int], value: Any) -> None:
        name = editing.unique_name(self.job_map, name)
        task = Task(name, TaskType.FUNCTION, namespace="main", method="example", init_args={"v": value})

        def change(state: Plain) -> None:
            plain = {"uid": self._new(), "name": name, "type": "function", "namespace": "main", "method": "example"}
            state["tasks"].append({**plain, "init_args": {"v": value}})
            state["positions"][name] = list(at)

        self._do(editing.add_tasks(self.job_map, [task], {name: at}), change)

    @precondition(lambda self: self.plain["tasks"])
    @rule(indices=INDICES)
    def remove(self, indices: set[int]) -> None:
        names = {self.plain["tasks"][index]["name"] for index in self._chosen(indices)}

        def change(state: Plain) -> None:
            state["tasks"] = [task for task in state["tasks"] if task["name"] not in names]
            state["workflow"] = [edge for edge in state["workflow"] if not names & set(edge)]
            state["positions"] = {name: at for name, at in state["positions"].items() if name not in names}

        self._do(editing.remove_tasks(self.job_map, {self.job_map.by_name[name].key for name in names}), change)

    @precondition(lambda self: self.plain["tasks"])
    @rule(index=INDEX, name=NAMES)
    def rename(self, index: int, name: str) -> None:
        task = self._task(index)
        name = editing.unique_name(self.job_map, name)

        def new(old: str) -> str:
            return name if old == task.name else old

        def change(state: Plain) -> None:
            for each in state["tasks"]:
                each["name"] = new(each["name"])
            state["workflow"] = [[new(one), new(other)] for one, other in state["workflow"]]
            state["positions"] = {new(old): at for old, at in state["positions"].items()}

        self._do(editing.rename_task(self.job_map, task.key, name), change)

    @precondition(lambda self: self.plain["tasks"])
    @rule(one=INDEX, other=INDEX)
    def connect(self, one: int, other: int) -> None:
        edge = (self._task(one).name, self._task(other).name)

        def change(state: Plain) -> None:
            if list(edge) not in state["workflow"]:
                state["workflow"].append(list(edge))

        self._do(editing.connect(self.job_map, [edge]), change)

    @precondition(lambda self: self.plain["workflow"])
    @rule(index=INDEX)
    def disconnect(self, index: int) -> None:
        edge = self.plain["workflow"][index % len(self.plain["workflow"])]
        self._do(editing.disconnect(self.job_map, {tuple(edge)}), lambda state: state["workflow"].remove(edge))

    @precondition(lambda self: self.functions)
    @rule(index=INDEX, name=st.sampled_from(["v", "w"]), value=VALUES, is_typed=st.booleans())
    def set_argument(self, index: int, name: str, value: Any, *, is_typed: bool) -> None:
        place = self.functions[index % len(self.functions)]
        key = self.job_map.tasks[place].key
        merge = f"{place} {name}" if is_typed else None

        def change(state: Plain) -> None:
            state["tasks"][place]["init_args"][name] = value

        self._do(editing.set_argument(self.job_map, key, name, value), change, merge)

    @precondition(lambda self: self.functions)
    @rule(index=INDEX, name=st.sampled_from(["v", "w"]))
    def remove_argument(self, index: int, name: str) -> None:
        place = self.functions[index % len(self.functions)]
        after = editing.remove_argument(self.job_map, self.job_map.tasks[place].key, name)
        self._do(after, lambda state: state["tasks"][place]["init_args"].pop(name, None))

    @precondition(lambda self: self.functions)
    @rule(index=INDEX, way=st.sampled_from([None, *Disabled]))
    def disable(self, index: int, way: Disabled | None) -> None:
        place = self.functions[index % len(self.functions)]

        def change(state: Plain) -> None:
            state["tasks"][place].pop("disabled", None)
            if way is not None:
                state["tasks"][place]["disabled"] = way.value

        self._do(editing.replace_task(self.job_map, self.job_map.tasks[place].key, disabled=way), change)

    @precondition(lambda self: self.plain["tasks"])
    @rule(indices=INDICES, at=PLACES)
    def move(self, indices: set[int], at: tuple[int, int]) -> None:
        names = [self.plain["tasks"][index]["name"] for index in self._chosen(indices)]

        def change(state: Plain) -> None:
            state["positions"] |= {name: list(at) for name in names}

        self._do(editing.move_tasks(self.job_map, dict.fromkeys(names, at)), change)

    @rule(value=VALUES)
    def set_datasource(self, value: Any) -> None:
        after = editing.set_datasource(self.job_map, Datasource("direct", {"content": {"input": value}}))
        self._do(after, lambda state: state.update(datasource={"source": "direct", "content": {"input": value}}))

    @rule(name=NAMES, description=st.none() | NAMES)
    def describe(self, name: str, description: str | None) -> None:
        head = {"name": name} | ({} if description is None else {"description": description})
        self._do(editing.describe(self.job_map, name=name, description=description), lambda state: state.update(head=head))

    # Clipboard ----------------------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.plain["tasks"])
    @rule(indices=INDICES)
    def copy(self, indices: set[int]) -> None:
        chosen = self._chosen(indices)
        self.clipboard = copied_text(self.job_map, {self.job_map.tasks[index].key for index in chosen})
        tasks = [copy.deepcopy(self.plain["tasks"][index]) for index in chosen]
        names = {task["name"] for task in tasks}
        self.copied = {"tasks": tasks, "edges": [edge for edge in self.plain["workflow"] if names.issuperset(edge)]}

    @precondition(lambda self: self.clipboard is not None)
    @rule()
    def paste(self) -> None:
        has_input = any(task["type"] == "input" for task in self.plain["tasks"])
        tasks = [task for task in self.copied["tasks"] if task["type"] != "input" or not has_input]
        try:
            after = pasted(self.job_map, self.clipboard or "").job_map
        except PasteError:
            assert not tasks
            return
        names = self._free_names([task["name"] for task in tasks])

        def change(state: Plain) -> None:
            state["tasks"] += [{**copy.deepcopy(task), "uid": self._new(), "name": names[task["name"]]} for task in tasks]
            edges = [[names[one], names[other]] for one, other in self.copied["edges"] if one in names and other in names]
            state["workflow"] += edges
            state["positions"] |= {name: list(after.layout.positions[name]) for name in names.values()}

        self._do(after, change)

    def _free_names(self, wanted: Sequence[str]) -> dict[str, str]:
        taken = {task["name"] for task in self.plain["tasks"]}
        found: dict[str, str] = {}
        for name in wanted:
            stem = re.sub(r" [0-9]+$", "", name)
            candidates = (name, stem, *(f"{stem} {number}" for number in range(2, 1000)))
            free = next(each for each in candidates if each not in taken)
            found[name] = free
            taken.add(free)
        return found

    # Going back and forth -------------------------------------------------------------------------------------------------------------

    @rule()
    def undo(self) -> None:
        self.document.undo_stack.undo()
        self.now = max(0, self.now - 1)

    @rule()
    def redo(self) -> None:
        self.document.undo_stack.redo()
        self.now = min(len(self.states) - 1, self.now + 1)

    @rule()
    def undo_to_the_start(self) -> None:
        self.document.undo_stack.setIndex(0)
        self.now = 0
        assert dump_job_map(self.job_map) == self.first_text

    @rule()
    def redo_to_the_end(self) -> None:
        self.document.undo_stack.setIndex(self.document.undo_stack.count())
        self.now = len(self.states) - 1

    # Files --------------------------------------------------------------------------------------------------------------------------

    @rule()
    def save(self) -> None:
        assert save_document(self.document, self.file, self.catalog) is None
        self.clean = self.now
        assert self.file.read_text("utf-8") == text_of(self.plain)

    @rule()
    def save_load_save(self) -> None:
        self.save()
        once = self.file.read_bytes()
        self.document = open_document(self.file)
        self.keys.clear()
        self._restart(self.plain, clean=0)
        self.save()
        assert self.file.read_bytes() == once

    @precondition(lambda self: self.now != self.clean)
    @rule()
    def leave_and_bring_back(self) -> None:
        keeper = Keeper(self.document, folder=Path(self.folder.name) / "kept")
        keeper.leave_behind()
        assert keeper.path is not None
        self.document = bring_back(read_copy(keeper.path))
        keeper.forget()
        self.keys.clear()
        first, last = max(0, self.now - 50), min(len(self.states) - 1, self.now + 10)
        self.states, self.merges = self.states[first : last + 1], [None] * (last - first + 1)
        self.now, self.clean = self.now - first, self.clean - first if first <= self.clean <= last else -1
        self.first_text = text_of(self.states[0])

    # What must hold -----------------------------------------------------------------------------------------------------------------

    @property
    def functions(self) -> list[int]:
        return [index for index, task in enumerate(self.plain["tasks"]) if task["type"] == "function"]

    @invariant()
    def the_document_is_the_plain_model(self) -> None:
        if hasattr(self, "states"):
            DocumentMachine.steps += 1
            assert dump_job_map(self.job_map) == text_of(self.plain)

    @invariant()
    def undo_and_redo_reach_as_far(self) -> None:
        if hasattr(self, "states"):
            stack = self.document.undo_stack
            assert (stack.index(), stack.count()) == (self.now, len(self.states) - 1)
            assert self.document.modified == (self.now != self.clean)

    @invariant()
    def every_task_keeps_its_identity(self) -> None:
        if hasattr(self, "states"):
            for plain, task in zip(self.plain["tasks"], self.job_map.tasks, strict=True):
                assert self.keys.setdefault(plain["uid"], task.key) == task.key
            assert len(self.job_map.by_key) == len(self.job_map.tasks)


CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def test_that_a_document_driven_at_random_is_the_plain_model(qapp: object) -> None:
    DocumentMachine.steps = 0
    run_state_machine_as_test(
        DocumentMachine, settings=settings(max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=CHECKS)
    )
    assert DocumentMachine.steps >= 2_000


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_that_it_is_through_fifty_thousand_steps(qapp: object) -> None:
    DocumentMachine.steps = 0
    run_state_machine_as_test(
        DocumentMachine, settings=settings(max_examples=700, stateful_step_count=100, deadline=None, suppress_health_check=CHECKS)
    )
    assert DocumentMachine.steps >= 50_000
