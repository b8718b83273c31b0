"""The texts of job maps that come one after the other, as while one is edited: what most of them have in common is written once."""

from __future__ import annotations

from dataclasses import replace
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Final

from engine.files.indenting import indented
from engine.files.nesting import is_too_deep
from engine.files.serializing import dump_job_map, job_map_to_data, task_to_data

if TYPE_CHECKING:
    from engine.model.job_map import JobMap, Task

_OF_KEYS: Final = "\n  "
_OF_TASKS: Final = "\n    "


class JobMapText:
    """Writes what ``dump_job_map`` writes, and keeps the text of each task for the next job map."""

    def __init__(self) -> None:
        self._tasks: dict[int, tuple[Task, str]] = {}  # by the object's number, which is taken as long as it is kept

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
        data = job_map_to_data(replace(job_map, tasks=()))
        if is_too_deep(data):
            raise ValueError(data)
        tasks = self._texts_of(job_map.tasks)
        texts = {key: indented(value, _OF_KEYS) for key, value in data.items()}
        if tasks and "tasks" not in job_map.extra:
            texts["tasks"] = f"[{_OF_TASKS}{f',{_OF_TASKS}'.join(tasks)}{_OF_KEYS}]"
        lines = [f"{encode_basestring(key)}: {text}" for key, text in texts.items()]
        return f"{{{_OF_KEYS}{f',{_OF_KEYS}'.join(lines)}\n}}\n"

    def _texts_of(self, tasks: tuple[Task, ...]) -> list[str]:
        had = self._tasks
        self._tasks = {id(task): had.get(id(task)) or (task, _text_of(task)) for task in tasks}
        return [self._tasks[id(task)][1] for task in tasks]


def _text_of(task: Task) -> str:
    data = task_to_data(task)
    if is_too_deep([[data]]):
        raise ValueError(data)
    return indented(data, _OF_TASKS)
