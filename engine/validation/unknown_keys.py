"""Warnings of keys that this version does not know: they are kept, but mean nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from engine.files.parsing import (
    COLLECT_KEYS,
    FRAME_KEYS,
    FUNCTION_KEYS,
    JOB_KEYS,
    JOB_POLICY_KEYS,
    LAYOUT_KEYS,
    METHOD_KEYS,
    NOTE_KEYS,
    TASK_KEYS,
    TASK_POLICY_KEYS,
    WINDOW_KEYS,
)
from engine.model.job_map import Join, TaskType
from engine.problems import Severity
from engine.validation.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.model.job_map import JobMap, Task
    from engine.model.json_value import JsonObject
    from engine.problems import Problem
    from engine.validation.subject import Subject

_Steps: TypeAlias = "tuple[str | int, ...]"
_Found: TypeAlias = "tuple[JsonObject, frozenset[str], _Steps]"
"""Unknown members, the keys that are known beside them, and where they stand."""


def check_unknown_keys(subject: Subject) -> Iterator[Problem]:
    """Yield a warning for each key that means nothing where it stands."""
    for extra, known, steps in _of_job(subject.job_map):
        for key in extra:
            yield _unknown(subject, key, known, steps)
    for index, task in subject.special:
        for extra, known, steps in _of_task(task):
            for key in extra:
                if steps or not _is_ignored(task, key):
                    yield _unknown(subject, key, known, ("tasks", index, *steps))
        if not task.is_function:
            yield from _ignored(subject, index, task)


def _unknown(subject: Subject, key: str, known: frozenset[str], steps: _Steps) -> Problem:
    hint = subject.hints.nearest(key, known) or "it is kept, but means nothing to this version"
    message = f"unknown key {quoted(key)}"
    return subject.problem("unknown-key", message, *steps, key, hint=hint, severity=Severity.WARNING)


def _is_ignored(task: Task, key: str) -> bool:
    return not task.is_function and (key in METHOD_KEYS or key == "join")


def _ignored(subject: Subject, index: int, task: Task) -> Iterator[Problem]:
    keys = [key for key in task.extra if key in METHOD_KEYS]
    if task.type is TaskType.INPUT:
        keys += ["join"] if task.join is not Join.MERGE else []
        keys += ["collect"] if task.collect is not None else []
    keys += ["disabled"] if task.disabled is not None else []
    for key in keys:
        message = f'the key "{key}" means nothing on an {task.type.value} task'
        yield subject.problem("ignored-key", message, "tasks", index, key, severity=Severity.WARNING)


def _of_job(job_map: JobMap) -> Iterator[_Found]:
    layout = job_map.layout
    yield job_map.extra, JOB_KEYS, ()
    yield job_map.policy.extra, JOB_POLICY_KEYS, ("policy",)
    yield layout.extra, LAYOUT_KEYS, ("layout",)
    for index, note in enumerate(layout.notes):
        yield note.extra, NOTE_KEYS, ("layout", "notes", index)
    for index, frame in enumerate(layout.frames):
        yield frame.extra, FRAME_KEYS, ("layout", "frames", index)


def _of_task(task: Task) -> Iterator[_Found]:
    if task.extra:
        yield task.extra, FUNCTION_KEYS if task.is_function else TASK_KEYS, ()
    if task.policy.extra:
        yield task.policy.extra, TASK_POLICY_KEYS, ("policy",)
    if task.collect is not None:
        yield task.collect.extra, COLLECT_KEYS, ("collect",)
        if task.collect.window is not None:
            yield task.collect.window.extra, WINDOW_KEYS, ("collect", "window")
