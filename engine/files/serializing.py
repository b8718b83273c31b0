"""From a job map to JSON values and text, in one canonical order of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from engine.errors import JobMapError
from engine.files.indenting import indented
from engine.files.nesting import is_too_deep
from engine.files.plain_data import plain_data
from engine.model.job_map import (
    NO_JOB_POLICY,
    NO_LAYOUT,
    NO_TASK_POLICY,
    Collect,
    Frame,
    JobMap,
    JobPolicy,
    Join,
    Layout,
    Missing,
    Note,
    Task,
    TaskPolicy,
    Window,
)

if TYPE_CHECKING:
    from engine.model.json_value import JsonObject, JsonValue

_Data: TypeAlias = "dict[str, Any]"


def job_map_to_data(job_map: JobMap) -> dict[str, Any]:
    """Return the job map as JSON values, keys in canonical order, unknown keys behind the known ones."""
    data: _Data = {
        "format_version": job_map.format_version,
        "id": job_map.id,
        "name": job_map.name,
        "description": job_map.description,
        "datasource": {"source": job_map.datasource.source, **job_map.datasource.options},
        "policy": _job_policy(job_map.policy),
        "tasks": [task_to_data(task) for task in job_map.tasks],
        "workflow": [list(edge) for edge in job_map.workflow],
        "layout": _layout(job_map.layout),
    }
    return _with_extra(data, job_map.extra)


def dump_job_map(job_map: JobMap) -> str:
    """Return the text that a job map is saved as: what ``load_job_map`` reads back is the same job map.

    Raises:
        JobMapError: the job map holds something that no JSON file can, such as NaN or half a character.
    """
    data = job_map_to_data(job_map)
    try:
        text = _text(data)
        text.encode()  # half a character is found here
    except (ValueError, TypeError, RecursionError):
        return _text(_plain(data))
    if is_too_deep(data):
        _plain(data)
    return text


def _text(data: JsonValue) -> str:
    return indented(data) + "\n"


def _plain(data: _Data) -> JsonValue:
    value, problems = plain_data(data)
    if problems:
        raise JobMapError(problems)
    return value


def _with_extra(data: _Data, extra: JsonObject) -> _Data:
    kept = {key: value for key, value in data.items() if value is not None}
    return {**kept, **extra} if extra else kept


def task_to_data(task: Task) -> _Data:
    """Return one task as JSON values, keys in canonical order."""
    data: _Data = {"name": task.name, "type": task.type.value, "id": task.id, "description": task.description}
    if task.is_function:
        data |= {
            "namespace": task.namespace or None,
            "method": task.method or None,
            "consumes": task.consumes or None,
            "produces": task.produces or None,
            "init_args": dict(task.init_args),
        }
    data |= {
        "policy": None if task.policy is NO_TASK_POLICY else _task_policy(task.policy),
        "join": None if task.join is Join.MERGE else task.join.value,
        "collect": None if task.collect is None else _collect(task.collect),
        "disabled": None if task.disabled is None else task.disabled.value,
    }
    return _with_extra(data, task.extra)


def _task_policy(policy: TaskPolicy) -> _Data | None:
    if policy == NO_TASK_POLICY:
        return None
    data: _Data = {
        "retries": policy.retries,
        "retry_delay": policy.retry_delay,
        "retry_backoff": policy.retry_backoff,
        "timeout": policy.timeout,
        "on_error": None if policy.on_error is None else policy.on_error.value,
        "max_concurrent": policy.max_concurrent,
        "runs": None if policy.runs is None else policy.runs.value,
    }
    return _with_extra(data, policy.extra)


def _job_policy(policy: JobPolicy) -> _Data | None:
    if policy == NO_JOB_POLICY:
        return None
    return _with_extra({"max_concurrent": policy.max_concurrent, "fail_fast": policy.fail_fast}, policy.extra)


def _collect(collect: Collect) -> _Data | bool:
    data: _Data = {
        "over": collect.over,
        "group_by": collect.group_by,
        "window": None if collect.window is None else _window(collect.window),
        "missing": None if collect.missing is Missing.SKIP else collect.missing.value,
    }
    return _with_extra(data, collect.extra) or True


def _window(window: Window) -> _Data:
    return _with_extra({"size": window.size, "step": window.step}, window.extra)


def _layout(layout: Layout) -> _Data | None:
    if layout == NO_LAYOUT:
        return None
    data: _Data = {
        "positions": {name: list(position) for name, position in layout.positions.items()} or None,
        "notes": [_note(note) for note in layout.notes] or None,
        "frames": [_frame(frame) for frame in layout.frames] or None,
    }
    return _with_extra(data, layout.extra)


def _note(note: Note) -> _Data:
    return _with_extra({"text": note.text, "position": list(note.position), "size": list(note.size)}, note.extra)


def _frame(frame: Frame) -> _Data:
    return _with_extra({"title": frame.title, "position": list(frame.position), "size": list(frame.size)}, frame.extra)
