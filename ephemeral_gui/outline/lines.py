"""What the outline says: a line for each task, in the order of its work, and under it one for each wire that leaves it. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from engine.execution.progress import TaskState
from engine.model.graph import topological_order
from engine.model.job_map import Disabled, TaskType
from ephemeral_gui.widgets.state_words import WORDS, counts_text, state_word
from ephemeral_gui.widgets.task_icons import task_icon

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.catalog import Catalog
    from engine.execution.progress import ProgressSnapshot, TaskProgress
    from engine.model.job_map import JobMap, Task, TaskKey
    from engine.problems import Problem

_Sources: TypeAlias = "tuple[Task, Sequence[tuple[str, TaskKey]], TaskProgress | None, Sequence[Problem]]"

KINDS: Final = {TaskType.INPUT: "input of the job", TaskType.FUNCTION: "function task", TaskType.OUTPUT: "output of the job"}


@dataclass(frozen=True, slots=True)
class WireLine:
    """One wire, under the task that it leaves."""

    source: str
    target: str
    target_key: TaskKey
    count: int = 0

    @property
    def text(self) -> str:
        """What is shown."""
        return f"to {self.target}"

    @property
    def words(self) -> str:
        """What is said aloud."""
        passed = f", {self.count:,} items passed" if self.count else ""
        return f"wire from {self.source} to {self.target}{passed}"


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task.

    Attributes:
        state: a value of ``TaskState``, or ``missing``.
        state_text: the state in words.
        problems: how many problems speak of it.
        has_error: one of them is an error.
    """

    key: TaskKey
    name: str
    kind: str
    icon: str
    state: str
    state_text: str
    problems: int = 0
    has_error: bool = False
    wires: tuple[WireLine, ...] = ()

    @property
    def problems_text(self) -> str:
        """How many problems there are, in words; empty for none."""
        return f"{self.problems} problem{'' if self.problems == 1 else 's'}" if self.problems else ""

    @property
    def words(self) -> str:
        """What is said aloud: ``clean, function task, done, 3 problems``."""
        return ", ".join(part for part in (self.name, self.kind, self.state_text.lower(), self.problems_text) if part)


def lines_of(
    job_map: JobMap, catalog: Catalog | None, snapshot: ProgressSnapshot | None = None, problems: Sequence[Problem] = ()
) -> list[TaskLine]:
    """Return a line for each task: parents before their children, and what is on a cycle or behind one at the end."""
    return Lines(catalog).of(job_map, snapshot, problems)


class Lines:
    """Makes the lines of job maps that come one after the other: what an edit leaves as it was keeps its line, the very object."""

    def __init__(self, catalog: Catalog | None) -> None:
        self.catalog = catalog
        self._made: dict[TaskKey, tuple[_Sources, TaskLine]] = {}

    def of(self, job_map: JobMap, snapshot: ProgressSnapshot | None, problems: Sequence[Problem]) -> list[TaskLine]:
        """Return a line for each task, as ``lines_of`` says."""
        order = {name: number for number, name in enumerate(topological_order(job_map.children))}
        tasks = sorted(job_map.tasks, key=lambda task: order.get(task.name, len(order)))
        progress = {} if snapshot is None else snapshot.tasks
        spoken = _by_task(problems)
        by_name, children = job_map.by_name, job_map.children
        had, self._made = self._made, {}
        for task in tasks:
            targets = tuple((name, by_name[name].key) for name in children.get(task.name, ()) if name in by_name)
            sources = (task, targets, progress.get(task.name), spoken.get(task.name, ()))
            made = had.get(task.key)
            self._made[task.key] = made if made is not None and made[0] == sources else (sources, _task_line(*sources, self.catalog))
        return [line for _, line in self._made.values()]


def _by_task(problems: Sequence[Problem]) -> Mapping[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.task is not None:
            found.setdefault(problem.task, []).append(problem)
    return found


def _task_line(
    task: Task,
    targets: Sequence[tuple[str, TaskKey]],
    progress: TaskProgress | None,
    problems: Sequence[Problem],
    catalog: Catalog | None,
) -> TaskLine:
    definition = catalog.definition(task.namespace, task.method) if task.is_function and catalog is not None else None
    state, text = _state(task, progress, is_known=definition is not None or not task.is_function)
    passed = 0 if progress is None else progress.items_out
    return TaskLine(
        key=task.key,
        name=task.name,
        kind=KINDS[task.type],
        icon=task_icon(task, definition),
        state=state,
        state_text=text,
        problems=len(problems),
        has_error=any(problem.is_error for problem in problems),
        wires=tuple(WireLine(task.name, name, key, passed) for name, key in targets),
    )


def _state(task: Task, progress: TaskProgress | None, *, is_known: bool) -> tuple[str, str]:
    if not is_known:
        return "missing", WORDS["missing"]
    if progress is None:
        if task.disabled is None:
            return TaskState.READY, WORDS["ready"]
        return TaskState.DISABLED, "Off" if task.disabled is Disabled.OFF else "Bypassed"
    counts = counts_text(progress) if progress.expected > 1 else ""
    return progress.state, ", ".join(part for part in (state_word(progress), counts) if part)
