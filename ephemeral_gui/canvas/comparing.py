"""What the document has otherwise than another job map, task by task and wire by wire, as pure values without a colour."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from PySide6.QtCore import QPointF, QRectF

from engine.model.difference import Change, ChangeKind, Subject, difference
from ephemeral_gui.canvas.geometry import GRID, body_of
from ephemeral_gui.canvas.layout import ROW, places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.model.job_map import JobMap, TaskKey, TaskType

_MOST_STEPS: Final = 8

End: TypeAlias = "TaskKey | str"
"""An end of a removed wire: a task that is still there, or the name of one that is not."""


@dataclass(frozen=True, slots=True)
class Ghost:
    """A task that only the other job map has."""

    name: str
    type: TaskType
    place: QPointF

    @property
    def body(self) -> QRectF:
        """Where it is drawn."""
        return body_of(self.type).translated(self.place)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The document beside another job map.

    Attributes:
        added: tasks that only the document has.
        changed: tasks that both have, with what is otherwise, a line each.
        ghosts: tasks that only the other has, by name.
        added_wires: wires that only the document has.
        removed_wires: wires that only the other has.
        elsewhere: how many differences are of the job itself, its datasource, order or notes.
    """

    added: frozenset[TaskKey]
    changed: Mapping[TaskKey, str]
    ghosts: Mapping[str, Ghost]
    added_wires: frozenset[tuple[TaskKey, TaskKey]]
    removed_wires: tuple[tuple[End, End], ...]
    elsewhere: int

    def words_for(self, key: TaskKey) -> str:
        """Return what there is to say of a task, empty where it is the same."""
        return "Added" if key in self.added else self.changed.get(key, "")

    @property
    def summary(self) -> str:
        """Everything in a few words: ``3 added, 1 removed, 2 changed, 4 wires``."""
        wires = len(self.added_wires) + len(self.removed_wires)
        counts = [
            (len(self.added), "{} added"),
            (len(self.ghosts), "{} removed"),
            (len(self.changed), "{} changed"),
            (wires, "{} wire" + ("" if wires == 1 else "s")),
            (self.elsewhere, "{} elsewhere in the job"),
        ]
        return ", ".join(words.format(f"{count:,}") for count, words in counts if count) or "no difference"


def compared(before: JobMap, now: JobMap) -> Comparison:
    """Return what ``now`` has otherwise than ``before``; moves on the canvas are no difference."""
    changes = difference(before, now)
    tasks = [change for change in changes if change.subject is Subject.TASK]
    whole = [change for change in tasks if not change.path and change.kind is not ChangeKind.RENAMED]
    kept = [change for change in tasks if change.path or change.kind is ChangeKind.RENAMED]
    ghosts = _ghosts(before, now, _names(whole, ChangeKind.REMOVED))
    edges = [change for change in changes if change.subject is Subject.EDGE]
    return Comparison(
        added=frozenset(now.by_name[name].key for name in _names(whole, ChangeKind.ADDED)),
        changed=_changed(now, kept),
        ghosts=ghosts,
        added_wires=_added_wires(now, edges),
        removed_wires=tuple(_removed_wires(now, ghosts, edges)),
        elsewhere=Counter(change.subject in {Subject.TASK, Subject.EDGE} for change in changes)[False],
    )


def _names(changes: Iterable[Change], kind: ChangeKind) -> list[str]:
    return [change.task for change in changes if change.kind is kind and change.task is not None]


def _changed(now: JobMap, changes: Iterable[Change]) -> dict[TaskKey, str]:
    lines: dict[TaskKey, list[str]] = {}
    for change in changes:
        if change.task is not None and change.task in now.by_name:
            lines.setdefault(now.by_name[change.task].key, []).append(change.describe())
    return {key: "\n".join(line[:1].upper() + line[1:] for line in each) for key, each in lines.items()}


def _ghosts(before: JobMap, now: JobMap, names: list[str]) -> dict[str, Ghost]:
    """Return the ghosts where they stood, a little lower where something stands there now."""
    stood, stand = places(before), places(now)
    taken = [body_of(task.type).translated(*stand[task.name]) for task in now.tasks]
    found: dict[str, Ghost] = {}
    for name in sorted(names, key=lambda each: stood[each]):
        ghost = _free(Ghost(name, before.by_name[name].type, QPointF(*stood[name])), taken)
        taken.append(ghost.body)
        found[name] = ghost
    return found


def _free(ghost: Ghost, taken: list[QRectF]) -> Ghost:
    for step in range(_MOST_STEPS):
        moved = Ghost(ghost.name, ghost.type, ghost.place + QPointF(0, step * ROW))
        if not any(moved.body.adjusted(-GRID / 2, -GRID / 2, GRID / 2, GRID / 2).intersects(body) for body in taken):
            return moved
    return ghost


def _added_wires(now: JobMap, edges: Iterable[Change]) -> frozenset[tuple[TaskKey, TaskKey]]:
    ends = [_pair(change.after) for change in edges if change.kind is ChangeKind.ADDED]
    return frozenset((now.by_name[one].key, now.by_name[other].key) for one, other in ends if one in now.by_name and other in now.by_name)


def _removed_wires(now: JobMap, ghosts: Mapping[str, Ghost], edges: Iterable[Change]) -> Iterable[tuple[End, End]]:
    for change in edges:
        if change.kind is ChangeKind.REMOVED:
            ends = [
                name if name in ghosts else now.by_name[name].key for name in _pair(change.before) if name in ghosts or name in now.by_name
            ]
            if len(ends) == 2:
                yield (ends[0], ends[1])


def _pair(edge: Any) -> tuple[str, str]:
    return (edge[0], edge[1])
