"""What one job map says that another does not, apart from where things stand on the canvas."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from engine.lazy_dataclasses import dataclass
from engine.model.job_map import TaskType
from engine.model.matching import matching_tasks, plain_content
from engine.problems import pointer_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.model.job_map import Collect, JobMap, Task
    from engine.model.json_value import JsonValue

LONGEST_VALUE = 80
_JOB_KEYS = ("name", "description", "id", "format_version", "policy")


class _Absent(Enum):
    ABSENT = "absent"


ABSENT: Final = _Absent.ABSENT
"""Stands for a value that is not there, which ``null`` is not."""
Value: TypeAlias = "JsonValue | Literal[_Absent.ABSENT]"


class ChangeKind(StrEnum):
    """What happened between the two."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"


class Subject(StrEnum):
    """What it happened to."""

    JOB = "job"
    DATASOURCE = "datasource"
    TASK = "task"
    EDGE = "edge"
    ORDER = "order"
    NOTE = "note"
    FRAME = "frame"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        kind: what happened.
        subject: what it happened to.
        task: the task's name, in the later job map where it is there.
        path: the keys that lead to the value within job, datasource or task.
        before: what the earlier job map has there.
        after: what the later one has there.
    """

    kind: ChangeKind
    subject: Subject
    task: str | None = None
    path: tuple[str, ...] = ()
    before: Value = ABSENT
    after: Value = ABSENT

    def describe(self) -> str:
        """Return it as a sentence without a full stop."""
        if self.kind is ChangeKind.RENAMED:
            return f"renamed {self._what} to {_short(self.after)}"
        if self.subject is Subject.ORDER:
            return f"changed order of {self.path[0]}"
        values = "" if self._is_whole else self._values
        return f"{self.kind.value} {self._what}{values}"

    @property
    def _is_whole(self) -> bool:
        return self.subject is Subject.EDGE or (self.subject is Subject.TASK and not self.path)

    @property
    def _what(self) -> str:
        place = ".".join(self.path)
        match self.subject:
            case Subject.TASK:
                name = self.before if self.kind is ChangeKind.RENAMED else self.task
                return f"task {_short(name)}" + (f" {place}" if place else "")
            case Subject.EDGE:
                edge = self.before if self.kind is ChangeKind.REMOVED else self.after
                return f"edge {_arrow(edge)}"
            case Subject.JOB:
                return place
            case _:
                return f"{self.subject.value} {place}".strip()

    @property
    def _values(self) -> str:
        if self.before is ABSENT or self.after is ABSENT:
            return f": {_short(self.after if self.before is ABSENT else self.before)}"
        return f": {_short(self.before)} \N{RIGHTWARDS ARROW} {_short(self.after)}"

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON values; ``before`` and ``after`` are left out where there is nothing."""
        data = {"kind": self.kind.value, "subject": self.subject.value, "task": self.task, "pointer": pointer_to(*self.path)}
        values = {name: value for name, value in (("before", self.before), ("after", self.after)) if value is not ABSENT}
        return {**data, **values}


def difference(before: JobMap, after: JobMap) -> list[Change]:
    """Return everything that the later job map means otherwise than the earlier one; an empty list where they mean the same.

    Left out is what only moves: positions and sizes on the canvas and unknown keys of ``layout``. The order of tasks and edges is named
    where it differs among those that both have, because results and merged payloads follow it.
    """
    places = matching_tasks(before, after)
    new_names = {before.tasks[old].name: after.tasks[new].name for old, new in places.items()}
    return [
        *_job_changes(before, after),
        *_task_changes(before, after, places, new_names),
        *_edge_changes(before, after, new_names),
        *_order_changes(before, after, places, new_names),
        *_layout_changes(before, after),
    ]


def same_value(one: Any, other: Any) -> bool:
    """Return whether two JSON values would be written alike: ``1``, ``1.0`` and ``true`` are three values; keys have no order."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_value(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_value, one, other))
    return type(one) is type(other) and repr(one) == repr(other)  # zero has a sign


def _job_changes(before: JobMap, after: JobMap) -> Iterator[Change]:
    yield from _compared(Subject.JOB, None, _job_content(before), _job_content(after))
    yield from _compared(Subject.DATASOURCE, None, _datasource(before), _datasource(after))


def _job_content(job_map: JobMap) -> dict[str, Any]:
    said = {key: plain_content(getattr(job_map, key)) for key in _JOB_KEYS}
    return {**{key: value for key, value in said.items() if value is not None and value != {}}, **job_map.extra}


def _datasource(job_map: JobMap) -> dict[str, Any]:
    return {"source": job_map.datasource.source, **job_map.datasource.options}


def _task_changes(before: JobMap, after: JobMap, places: Mapping[int, int], new_names: Mapping[str, str]) -> Iterator[Change]:
    kept = set(places.values())
    yield from (_whole(ChangeKind.REMOVED, task) for index, task in enumerate(before.tasks) if index not in places)
    yield from (_whole(ChangeKind.ADDED, task) for index, task in enumerate(after.tasks) if index not in kept)
    for old, new in sorted(places.items(), key=lambda pair: pair[1]):
        yield from _one_task(before.tasks[old], after.tasks[new], new_names)


def _whole(kind: ChangeKind, task: Task) -> Change:
    content: Any = {"name": task.name, "type": task.type.value, **plain_content(task)}
    is_added = kind is ChangeKind.ADDED
    return Change(kind, Subject.TASK, task.name, before=ABSENT if is_added else content, after=content if is_added else ABSENT)


def _one_task(old: Task, new: Task, new_names: Mapping[str, str]) -> Iterator[Change]:
    if old.name != new.name:
        yield Change(ChangeKind.RENAMED, Subject.TASK, new.name, before=old.name, after=new.name)
    if old.collect is not None:
        old = replace(old, collect=_following(old.collect, new_names))
    yield from _compared(Subject.TASK, new.name, _content(old), _content(new))


def _content(task: Task) -> dict[str, Any]:
    content: dict[str, Any] = plain_content(task)
    return content if task.type is TaskType.FUNCTION else {"type": task.type.value, **content}


def _following(collect: Collect, new_names: Mapping[str, str]) -> Collect:
    """Return the collect as it is after the renames, which are named once and not again here."""
    return collect if collect.over is None else replace(collect, over=new_names.get(collect.over, collect.over))


def _compared(subject: Subject, task: str | None, before: Any, after: Any, path: tuple[str, ...] = ()) -> Iterator[Change]:
    """Yield the differences of two values, objects key by key."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from _compared(subject, task, before.get(key, ABSENT), after.get(key, ABSENT), (*path, key))
    elif not same_value(before, after):
        kind = ChangeKind.ADDED if before is ABSENT else ChangeKind.REMOVED if after is ABSENT else ChangeKind.CHANGED
        yield Change(kind, subject, task, path, before, after)


def _edge_changes(before: JobMap, after: JobMap, new_names: Mapping[str, str]) -> Iterator[Change]:
    renamed = [(new_names.get(one, one), new_names.get(other, other)) for one, other in before.workflow]
    olds, news = Counter(renamed), Counter(after.workflow)
    yield from (Change(ChangeKind.REMOVED, Subject.EDGE, before=list(edge)) for edge in (olds - news).elements())
    yield from (Change(ChangeKind.ADDED, Subject.EDGE, after=list(edge)) for edge in (news - olds).elements())


def _order_changes(before: JobMap, after: JobMap, places: Mapping[int, int], new_names: Mapping[str, str]) -> Iterator[Change]:
    order = [places[old] for old in range(len(before.tasks)) if old in places]
    if order != sorted(order):
        yield Change(ChangeKind.CHANGED, Subject.ORDER, path=("tasks",))
    renamed = [(new_names.get(one, one), new_names.get(other, other)) for one, other in before.workflow]
    common = set(renamed) & set(after.workflow)
    if _parents_in_order(renamed, common) != _parents_in_order(after.workflow, common):
        yield Change(ChangeKind.CHANGED, Subject.ORDER, path=("workflow",))


def _parents_in_order(edges: Sequence[tuple[str, str]], common: set[tuple[str, str]]) -> dict[str, list[str]]:
    """Return for each task its parents in order, which is what the order of edges decides."""
    found: dict[str, list[str]] = {}
    for edge in dict.fromkeys(edges):
        if edge in common:
            found.setdefault(edge[1], []).append(edge[0])
    return found


def _layout_changes(before: JobMap, after: JobMap) -> Iterator[Change]:
    """Yield the texts of notes and frames that came or went; where they stand is no difference."""
    for subject, olds, news in (
        (Subject.NOTE, [note.text for note in before.layout.notes], [note.text for note in after.layout.notes]),
        (Subject.FRAME, [frame.title for frame in before.layout.frames], [frame.title for frame in after.layout.frames]),
    ):
        gone, came = Counter(olds) - Counter(news), Counter(news) - Counter(olds)
        yield from (Change(ChangeKind.REMOVED, subject, before=text) for text in gone.elements())
        yield from (Change(ChangeKind.ADDED, subject, after=text) for text in came.elements())


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}\N{HORIZONTAL ELLIPSIS}"


def _arrow(edge: Any) -> str:
    return f"{_short(edge[0])} \N{RIGHTWARDS ARROW} {_short(edge[1])}"
