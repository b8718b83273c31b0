"""Tasks as text on the clipboard: a small job map in JSON, so that other programs can read it and a whole map can be pasted."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.files import dump_job_map, read_job_map
from engine.files.strict_json import read_json_bytes
from engine.model import editing
from engine.model.job_map import Datasource, JobMap, TaskType, new_task_key
from ephemeral_gui.canvas import wiring
from ephemeral_gui.canvas.annotation_edits import added as annotations_added
from ephemeral_gui.canvas.annotation_edits import annotations_of, only
from ephemeral_gui.canvas.layout import places
from ephemeral_gui.canvas.new_tasks import has_input

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from engine.catalog import Catalog
    from engine.model.job_map import Position, Task, TaskKey
    from engine.model.json_value import JsonValue
    from ephemeral_gui.canvas.annotation_edits import AnnotationKey

MOST_CHARACTERS: Final = 16 * 1024 * 1024
INCOMING: Final = "incoming"  # the key that keeps wires from tasks that were not copied; the engine does not know it
_NAME: Final = "Copied tasks"


class PasteError(ValueError):
    """The text on the clipboard cannot be pasted, and why."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A job map after a paste, and the tasks that came with it; an input that there is one of already was perhaps left out."""

    job_map: JobMap
    keys: tuple[TaskKey, ...]
    has_left_out_input: bool = False


def copied_text(job_map: JobMap, keys: Collection[TaskKey], others: Collection[AnnotationKey] = ()) -> str:
    """Return tasks, the wires between them, notes and frames as a job map's text; wires from other tasks stand under ``incoming``."""
    tasks = tuple(task for task in job_map.tasks if task.key in keys)
    names = {task.name for task in tasks}
    by_name = places(job_map)
    incoming: list[JsonValue] = [[one, other] for one, other in job_map.workflow if other in names and one not in names]
    return dump_job_map(
        JobMap(
            name=_NAME,
            datasource=Datasource("direct", {"content": {}}),
            tasks=tasks,
            workflow=tuple(edge for edge in job_map.workflow if names.issuperset(edge)),
            layout=replace(only(job_map, others).layout, positions={name: by_name[name] for name in names}, extra={}),
            extra={INCOMING: incoming} if incoming else {},
        )
    )


def pasted(job_map: JobMap, text: str, at: Position | None = None, *, offset: float = 32.0, catalog: Catalog | None = None) -> Pasted:
    """Return the job map with the tasks of a text added.

    Args:
        job_map: where they are added.
        text: what ``copied_text`` wrote, or a whole job map.
        at: the place of their left upper corner; None puts them ``offset`` beside where they were.
        offset: how far, both ways.
        catalog: where it is given, the copies also get the wires that came into the originals, as far as those tasks are here and fit.

    Raises:
        PasteError: the text holds no tasks, or only an input where there is one already.
    """
    copied = _read(text)
    tasks = [task for task in copied.tasks if task.type is not TaskType.INPUT or not has_input(job_map)]
    drawn = annotations_of(copied).values()
    if not tasks and not drawn:
        raise PasteError("a job map has exactly one input: there is one already" if copied.tasks else "there are no tasks in it")
    new_names = _new_names(job_map, tasks)
    added = [_renamed(task, new_names) for task in tasks]
    across, down = _shift(job_map, copied, new_names, at, offset)
    by_name = places(copied)
    positions = {new: (by_name[old][0] + across, by_name[old][1] + down) for old, new in new_names.items()}
    grown = annotations_added(editing.add_tasks(job_map, added, positions), drawn, across, down)
    edges = [(new_names[one], new_names[other]) for one, other in copied.workflow if one in new_names and other in new_names]
    grown = editing.connect(grown, edges)
    if catalog is not None:
        grown = _with_incoming(grown, copied, new_names, catalog)
    return Pasted(grown, tuple(task.key for task in added), has_left_out_input=len(tasks) < len(copied.tasks))


def _with_incoming(job_map: JobMap, copied: JobMap, new_names: Mapping[str, str], catalog: Catalog) -> JobMap:
    for source, target in _incoming(copied):
        if source not in job_map.by_name or target not in new_names:
            continue
        ends = job_map.by_name[source].key, job_map.by_name[new_names[target]].key
        if wiring.refusal(job_map, *ends, catalog) is None:
            job_map = wiring.connected(job_map, *ends, catalog)
    return job_map


def _incoming(copied: JobMap) -> Iterator[tuple[str, str]]:
    """Yield what is well-formed of the incoming wires: the text may come from anywhere."""
    edges = copied.extra.get(INCOMING)
    for edge in edges if isinstance(edges, list) else ():
        match edge:
            case [str(source), str(target)]:
                yield source, target
            case _:
                pass


def _read(text: str) -> JobMap:
    if len(text) > MOST_CHARACTERS:
        raise PasteError("the text on the clipboard is too long to be a job map")
    if not text.strip():
        raise PasteError("the clipboard holds no tasks: it is empty")
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        raise PasteError("the clipboard holds no tasks but other text; tasks are a job map in JSON, as Copy writes them")
    found, problems = read_job_map(read_json_bytes(text.encode("utf-8", "surrogatepass")))
    if found is None or problems:
        raise PasteError(f"the clipboard holds no tasks: {problems[0].describe()}" if problems else "the clipboard holds no tasks")
    return found


def _new_names(job_map: JobMap, tasks: Collection[Task]) -> dict[str, str]:
    """Return a free name for each name: itself, or where it is taken the next number of it: a copy of ``count 2`` is ``count 3``."""
    found: dict[str, str] = {}
    taken = set(job_map.by_name)
    numbers: dict[str, Iterator[int]] = {}
    for task in tasks:
        if task.name in found:
            continue
        name = task.name
        if name in taken:
            name = stem = re.sub(r" \d+$", "", name)
            counted = numbers.setdefault(stem, itertools.count(2))  # goes on where the last copy stopped: thousands may have one stem
            while name in taken:
                name = f"{stem} {next(counted)}"
        found[task.name] = name
        taken.add(name)
    return found


def _renamed(task: Task, names: Mapping[str, str]) -> Task:
    collect = task.collect
    if collect is not None and collect.over is not None:
        collect = replace(collect, over=names.get(collect.over, collect.over))
    return replace(task, name=names[task.name], key=new_task_key(), collect=collect)


def _shift(job_map: JobMap, copied: JobMap, names: Collection[str], at: Position | None, offset: float) -> Position:
    """Return the way to the wanted place, or on to one where the tasks stand on no other task."""
    by_name = places(copied)
    corners = [by_name[name] for name in names] or [each.position for each in annotations_of(copied).values()]
    left, top = min(corner[0] for corner in corners), min(corner[1] for corner in corners)
    across, down = (offset, offset) if at is None else (at[0] - left, at[1] - top)
    taken = set(job_map.layout.positions.values())
    while any((by_name[name][0] + across, by_name[name][1] + down) in taken for name in names):
        across, down = across + offset, down + offset
    return across, down
