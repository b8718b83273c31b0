"""The texts of job maps that come one after the other, as while one is edited: what most of them have in common is written once."""

from __future__ import annotations

from dataclasses import replace
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from engine.files.indenting import indented
from engine.files.nesting import is_too_deep
from engine.files.serializing import dump_job_map, job_map_to_data, task_to_data

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.model.job_map import Edge, JobMap, Task

_OF_KEYS: Final = "\n  "
_OF_ITEMS: Final = "\n    "
T = TypeVar("T")


class JobMapText:
    """Writes what ``dump_job_map`` writes, and keeps the text of each task and edge for the next job map."""

    def __init__(self) -> None:
        self._tasks: _Items[Task] = _Items(_text_of_task)
        self._edges: _Items[Edge] = _Items(lambda edge: indented(list(edge), _OF_ITEMS))

    def of(self, job_map: JobMap) -> str:
        """Return the text of a job map.

        Raises:
            JobMapError: the job map holds something that no JSON file can.
        """
        try:
            text = self._text(job_map)
            text.encode()
        except (ValueError, TypeError, RecursionError):
            return dump_job_map(job_map)  # which says what it is, or makes plain values of others
        return text

    def _text(self, job_map: JobMap) -> str:
        data = job_map_to_data(replace(job_map, tasks=(), workflow=()))
        if is_too_deep(data):
            raise ValueError(data)
        many = {"tasks": self._tasks.written(job_map.tasks), "workflow": self._edges.written(job_map.workflow)}
        texts = {key: many[key] if key in many and key not in job_map.extra else indented(value, _OF_KEYS) for key, value in data.items()}
        lines = [f"{encode_basestring(key)}: {text}" for key, text in texts.items()]
        return f"{{{_OF_KEYS}{f',{_OF_KEYS}'.join(lines)}\n}}\n"


class _Items(Generic[T]):
    """The texts of immutable objects that stand in one array, each made once as long as the object is in it."""

    def __init__(self, write: Callable[[T], str]) -> None:
        self._write = write
        self._made: dict[int, tuple[T, str]] = {}  # by the object's number, which no other has as long as this one is kept

    def written(self, items: Sequence[T]) -> str:
        """Return the array."""
        had = self._made
        self._made = {id(item): had.get(id(item)) or (item, self._write(item)) for item in items}
        texts = [self._made[id(item)][1] for item in items]
        return f"[{_OF_ITEMS}{f',{_OF_ITEMS}'.join(texts)}{_OF_KEYS}]" if texts else "[]"


def _text_of_task(task: Task) -> str:
    data = task_to_data(task)
    if is_too_deep([[data]]):
        raise ValueError(data)
    return indented(data, _OF_ITEMS)
