"""Runs of a part of a job: which tasks would run, said before any does, and why a part cannot run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from engine.errors import JobMapError
from engine.execution.progress import TaskState
from engine.model import editing
from engine.model.data_types import outer_type
from engine.model.graph import reachable
from engine.model.job_map import Disabled, Task, TaskType
from ephemeral_gui.document.edited_since import outdated

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from engine.catalog import Catalog
    from engine.execution.result import RunResult
    from engine.model.job_map import JobMap, TaskKey
    from engine.tasks import Payload

MOST_NAMED: Final = 4
MOST_LETTERS: Final = 40
GONE_WITH_ITS_RUN: Final = "future"
"""The type of what lives on a cluster only for as long as its run."""


@dataclass(frozen=True, slots=True)
class RunPart:
    """A part of a job that can be run.

    Attributes:
        names: the tasks that run.
        end_after: the tasks that it ends after; none where it goes on to the outputs.
        start_at: the payloads that tasks start with; none where it starts at the input.
    """

    names: frozenset[str]
    end_after: tuple[str, ...] = ()
    start_at: Mapping[str, Sequence[Payload]] = field(default_factory=dict)

    @property
    def options(self) -> dict[str, Any]:
        """What the engine is told."""
        return {"end_after": self.end_after} if self.end_after else {"start_at": self.start_at}

    def in_words(self, job_map: JobMap) -> str:
        """Return which tasks run: ``4 of 12 tasks: in, split, count and 1 more``."""
        names = [task.name for task in job_map.tasks if task.name in self.names]
        count = f"all {len(names)} tasks" if len(names) == len(job_map.tasks) else f"{len(names)} of {len(job_map.tasks)} tasks"
        return f"{count}: {_listed(names)}"

    def map_to_run(self, job_map: JobMap) -> JobMap:
        """Return the job map without what this part has nothing to do with, so that a flaw there is in nobody's way.

        A part that starts at tasks keeps all of it: only the engine knows what leads where.
        """
        if not self.end_after:
            return job_map
        kept = editing.remove_tasks(job_map, {task.key for task in job_map.tasks if task.name not in self.names})
        if any(task.type is TaskType.OUTPUT for task in kept.tasks):
            return kept
        end = Task(editing.unique_name(job_map, "end of the part"), TaskType.OUTPUT)
        return editing.connect(editing.add_tasks(kept, [end]), [(self.end_after[-1], end.name)])


@dataclass(frozen=True, slots=True)
class Kept:
    """What tasks gave in runs that ended after them, and the job map that they gave it in."""

    job_map: JobMap
    payloads: Mapping[TaskKey, Sequence[Payload]]

    def current(self, job_map: JobMap) -> Mapping[TaskKey, Sequence[Payload]]:
        """Return what still holds: nothing of it, nor what leads to it, was edited since."""
        old = outdated(self.job_map, job_map)
        return {key: payloads for key, payloads in self.payloads.items() if key in job_map.by_key and key not in old}


def kept_of(result: RunResult, job_map: JobMap, earlier: Kept | None = None) -> Kept:
    """Return what a run gave that later ones can start with: of tasks that it ended after, and of those that alone feed an output.

    A task that failed on a branch is left out: a later run would not miss the branch.

    Args:
        result: of the run.
        job_map: that it worked on.
        earlier: what was kept before and is still wanted where it holds.
    """
    by_name, payloads = job_map.by_name, dict(earlier.current(job_map)) if earlier is not None else {}
    for output in result.outputs:
        task = by_name.get(output["name"])
        giver = task if task is None or task.type is not TaskType.OUTPUT else _only_parent(job_map, task)
        if giver is not None and _gave_all(result, giver):
            payloads[giver.key] = output["data"]
    return Kept(job_map, payloads)


def _gave_all(result: RunResult, task: Task) -> bool:
    progress = result.progress.tasks.get(task.name)
    return progress is not None and progress.state is TaskState.DONE and progress.ended == progress.succeeded


def part_to(job_map: JobMap, keys: Collection[TaskKey]) -> RunPart | str:
    """Return the part that leads to tasks and ends after them, or why there is none."""
    ends = tuple(task.name for task in job_map.tasks if task.key in keys)
    if not ends:
        return "Select the tasks that the run is to reach."
    names = reachable(job_map.parents, ends)
    if not any(job_map.by_name[name].type is TaskType.INPUT for name in names if name in job_map.by_name):
        return f"No wire leads from the input to {_listed(ends)}."
    return RunPart(frozenset(names), end_after=ends)


def part_from(job_map: JobMap, keys: Collection[TaskKey], kept: Kept | None, catalog: Catalog) -> RunPart | str:
    """Return the part that stands behind tasks, started with what earlier runs gave to them, or why there is none."""
    chosen = [task for task in job_map.tasks if task.key in keys]
    if not chosen:
        return "Select the tasks that the run is to start at."
    firsts = _firsts(job_map, chosen)
    payloads = {} if kept is None else kept.current(job_map)
    starts: dict[str, Sequence[Payload]] = {}
    for task in firsts:
        parent = _only_parent(job_map, task)
        reason = _cannot_start(task, parent)
        if reason is None and (parent is None or parent.key not in payloads):
            reason = f"Nothing is kept of what “{_short(parent.name) if parent else ''}” gave: run to it first."
        if reason is not None or parent is None:
            return reason or ""
        starts[task.name] = payloads[parent.key]
    if not any(starts.values()):
        return "What leads to it gave nothing in the last run."
    part = RunPart(frozenset(reachable(job_map.children, starts)), start_at=starts)
    return _refusal(job_map, part, catalog) or part


def _firsts(job_map: JobMap, chosen: Sequence[Task]) -> Sequence[Task]:
    """Return those that stand behind none of the others; all of them where each does, on a cycle."""
    behind = reachable(job_map.children, (child for task in chosen for child in job_map.children.get(task.name, ())))
    return [task for task in chosen if task.name not in behind] or chosen


def _only_parent(job_map: JobMap, task: Task) -> Task | None:
    parents = job_map.parents.get(task.name, ())
    return job_map.by_name.get(parents[0]) if len(parents) == 1 else None


def _cannot_start(task: Task, parent: Task | None) -> str | None:
    name = f"“{_short(task.name)}”"
    if not task.is_function:
        return f"{name} is an {task.type.value}: a run starts at other tasks."
    if task.disabled is Disabled.OFF:
        return f"{name} is switched off."
    if parent is None:
        return f"{name} has several parents, or none: start at a task with one."
    if task.collect is not None:
        return f"{name} gathers branches, which are not kept: start at a task before it."
    if outer_type(parent.produces) == GONE_WITH_ITS_RUN:
        return f"“{_short(parent.name)}” gives what ended with its run: start at a task before it."
    return None


def _refusal(job_map: JobMap, part: RunPart, catalog: Catalog) -> str | None:
    """Return why the engine would not start this part."""
    from engine.execution.partial_runs import part_of  # noqa: PLC0415  loaded by the run that kept something
    from engine.execution.planning import make_plan  # noqa: PLC0415

    try:
        part_of(job_map, make_plan(job_map, catalog.definitions), part.start_at, ())
    except JobMapError as error:
        first = error.problems[0]
        return f"{first.message[:1].upper()}{first.message[1:]}."
    return None


def _listed(names: Sequence[str]) -> str:
    if len(names) > MOST_NAMED + 1:
        return f"{', '.join(map(_short, names[:MOST_NAMED]))} and {len(names) - MOST_NAMED:,} more"
    shown = [_short(name) for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _short(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= MOST_LETTERS else f"{line[: MOST_LETTERS - 1]}…"
