"""Which task of one job map is which task of another."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from engine.model.job_map import JobMap, Task, TaskKey

_NOT_CONTENT = frozenset({"name", "key", "type", "extra"})
_Mark: TypeAlias = "Callable[[int, Task], Hashable | None]"
"""What a task of the earlier (0) or later (1) job map is known by; None where it has no such sign."""


def plain_content(value: Any) -> Any:
    """Return a part of a job map as the keys and values that a person set in it; what says nothing is left out."""
    if isinstance(value, Enum):
        return value.value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    said = {each.name: plain_content(getattr(value, each.name)) for each in fields(value) if each.name not in _NOT_CONTENT}
    return {**{name: each for name, each in said.items() if each is not None and each != {}}, **getattr(value, "extra", {})}


def matching_tasks(before: JobMap, after: JobMap) -> dict[int, int]:
    """Return for each task of ``before`` that is still there its place in ``after.tasks``, both as indices.

    A task is known by its identity where both job maps come from one document, else by its ``id``, else by its name and type; one that
    was renamed by what it does and whom it is wired to. Two tasks that nothing tells apart are taken in their order.
    """
    matching = _Matching(before, after)
    matching.pair(lambda _, task: task.key)
    matching.pair(lambda _, task: None if task.id is None else (task.type, task.id))
    matching.pair(lambda _, task: (task.type, task.name), in_order=True)
    matching.pair_renamed()
    return matching.found


class _Matching:
    """The pairs found so far; each rule adds those that it is sure of. Linear in the number of tasks for each round."""

    def __init__(self, before: JobMap, after: JobMap) -> None:
        self._maps = (before, after)
        self._rest = (dict.fromkeys(range(len(before.tasks))), dict.fromkeys(range(len(after.tasks))))
        self.found: dict[int, int] = {}

    def pair(self, mark: _Mark, *, in_order: bool = False) -> None:
        """Pair the tasks with equal marks, where one of each side has it; with ``in_order`` also several."""
        olds, news = (self._marked(side, mark) for side in (0, 1))
        for each, old in olds.items():
            new = news.get(each, [])
            if (in_order and new) or len(old) == len(new) == 1:
                self._take(zip(old, new, strict=False))

    def pair_renamed(self) -> None:
        """Pair what is left by what it does and whom it is wired to, again and again while that finds more: neighbours become known."""
        content = {
            job_map.tasks[index].key: _content(job_map.tasks[index])
            for job_map, rest in zip(self._maps, self._rest, strict=True)
            for index in rest
        }
        found = -1
        while found != len(self.found) and all(self._rest):
            found = len(self.found)
            self._pair_by_wires(content)

    def _pair_by_wires(self, content: Mapping[TaskKey, Hashable]) -> None:
        wires = self._wires()
        self.pair(lambda side, task: _if_wired(wires[side][task.name], content[task.key]), in_order=True)
        self.pair(lambda _, task: content[task.key])
        self.pair(lambda side, task: _if_wired(wires[side][task.name], (task.type, task.namespace, task.method)))

    def _marked(self, side: int, mark: _Mark) -> dict[Hashable, list[int]]:
        marked: dict[Hashable, list[int]] = defaultdict(list)
        for index in self._rest[side]:
            found = mark(side, self._maps[side].tasks[index])
            if found is not None:
                marked[found].append(index)
        return marked

    def _take(self, pairs: Iterable[tuple[int, int]]) -> None:
        for old, new in pairs:
            self.found[old] = new
            del self._rest[0][old], self._rest[1][new]

    def _wires(self) -> tuple[Mapping[str, Hashable], Mapping[str, Hashable]]:
        """For each task name of both maps the neighbours that are known in both, by their place in the earlier one."""
        before, after = self._maps
        return (
            _wired(before, {before.tasks[old].name: old for old in self.found}),
            _wired(after, {after.tasks[new].name: old for old, new in self.found.items()}),
        )


def _wired(job_map: JobMap, known: Mapping[str, int]) -> Mapping[str, Hashable]:
    def places(names: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted(known[name] for name in names if name in known))

    return {task.name: (places(job_map.parents[task.name]), places(job_map.children[task.name])) for task in job_map.tasks}


def _if_wired(wires: Hashable, rest: Hashable) -> Hashable | None:
    """A mark for tasks that have a known neighbour; to have none is no sign."""
    return None if wires == ((), ()) else (wires, rest)


def _content(task: Task) -> Hashable:
    return task.type, json.dumps(plain_content(task), sort_keys=True, default=repr)
