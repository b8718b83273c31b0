"""From JSON values to a job map: every problem of shape with its pointer, every unknown key kept."""

from __future__ import annotations

from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from engine.files.shape import Shape, Steps, rest, type_name
from engine.model.job_map import (
    FORMAT_VERSION,
    FUNCTION,
    NO_JOB_POLICY,
    NO_LAYOUT,
    NO_TASK_POLICY,
    Collect,
    Datasource,
    Disabled,
    Edge,
    Frame,
    JobMap,
    JobPolicy,
    Join,
    Layout,
    Missing,
    Note,
    OnError,
    Position,
    RunsOn,
    Task,
    TaskPolicy,
    TaskType,
    Window,
    new_task_key,
)
from engine.model.json_value import NOTHING, JsonObject, JsonValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.problems import Problem

JOB_KEYS = frozenset({"format_version", "id", "name", "description", "datasource", "policy", "tasks", "workflow", "layout"})
TASK_KEYS = frozenset({"name", "type", "id", "description", "policy", "join", "collect", "disabled"})
METHOD_KEYS = frozenset({"namespace", "method", "consumes", "produces", "init_args"})
FUNCTION_KEYS = TASK_KEYS | METHOD_KEYS
TASK_POLICY_KEYS = frozenset({"retries", "retry_delay", "retry_backoff", "timeout", "on_error", "max_concurrent", "runs"})
JOB_POLICY_KEYS = frozenset({"max_concurrent", "fail_fast"})
COLLECT_KEYS = frozenset({"over", "group_by", "window", "missing"})
WINDOW_KEYS = frozenset({"size", "step"})
LAYOUT_KEYS = frozenset({"positions", "notes", "frames"})
NOTE_KEYS = frozenset({"text", "position", "size"})
FRAME_KEYS = frozenset({"title", "position", "size"})


def job_map_from(value: JsonValue) -> tuple[JobMap | None, list[Problem]]:
    """Return the job map that a JSON value describes, and every problem of its shape.

    Where there are problems, the job map has a neutral value in each of their places and is only good to look for more;
    it is None where the value is no object or of a newer format version.
    """
    shape = Shape()
    data = shape.object(value, ())
    if data is None or not _format_version_is_known(shape, data):
        return None, shape.problems
    return _job_map(shape, data), shape.problems


def _format_version_is_known(shape: Shape, data: JsonObject) -> bool:
    version = data.get("format_version", FORMAT_VERSION)
    if version == FORMAT_VERSION and not isinstance(version, bool):
        return True
    whole = (type(version) is int or (type(version) is float and version.is_integer())) and version > FORMAT_VERSION
    hint = "a newer Ephemeral reads it" if whole else f"write {FORMAT_VERSION}, or leave it out"
    message = f"this version reads format version {FORMAT_VERSION}; the job map says {type_name(version)}"
    shape.add("format-version", message, ("format_version",), hint)
    return False


def _job_map(shape: Shape, data: JsonObject) -> JobMap:
    shape.all_required(data, ("name", "datasource", "tasks", "workflow"), ())
    name, datasource, tasks = shape.string(data, "name", ()) or "", _datasource(shape, data), _tasks(shape, data.get("tasks", []))
    return JobMap(
        name=name,
        datasource=datasource,
        tasks=tasks,
        workflow=_workflow(shape, data.get("workflow", []), tasks),
        format_version=FORMAT_VERSION if "format_version" in data else None,
        id=shape.string(data, "id", ()),
        description=shape.string(data, "description", ()),
        policy=_job_policy(shape, data["policy"], ("policy",)) if "policy" in data else NO_JOB_POLICY,
        layout=_layout(shape, data["layout"], ("layout",)) if "layout" in data else NO_LAYOUT,
        extra=rest(data, JOB_KEYS),
    )


def _datasource(shape: Shape, job: JsonObject) -> Datasource:
    data = shape.object(job["datasource"], ("datasource",)) if "datasource" in job else None
    if data is None:
        return Datasource("")
    shape.required(data, "source", ("datasource",))
    return Datasource(shape.string(data, "source", ("datasource",)) or "", rest(data, frozenset({"source"})))


def _tasks(shape: Shape, value: Any) -> tuple[Task, ...]:
    items = enumerate(shape.array(value, ("tasks",)))
    return tuple([_plain_function(item) or _any_task(shape, item, ("tasks", index)) for index, item in items])


_plain_fields = itemgetter("name", "type", "namespace", "method", "consumes", "produces", "init_args")
_FUNCTION_WORD = FUNCTION.value
_PLAIN_KEYS = len(METHOD_KEYS | {"name", "type"})


def _plain_function(data: Any) -> Task | None:
    """Return a sound function task without any optional key, None for every other; large maps are made of them."""
    if type(data) is not dict or len(data) != _PLAIN_KEYS:
        return None
    try:
        name, kind, namespace, method, consumes, produces, init_args = _plain_fields(data)
    except KeyError:
        return None
    if not type(name) is type(namespace) is type(method) is type(consumes) is type(produces) is str:
        return None
    if kind != _FUNCTION_WORD or type(init_args) is not dict:
        return None
    return Task(name, FUNCTION, new_task_key(), None, None, namespace, method, consumes, produces, init_args)


def _any_task(shape: Shape, value: Any, at: Steps) -> Task:
    """Return the task; where it cannot be read, one that holds its place, so that the pointers of the others stay true."""
    data = shape.object(value, at)
    if data is None:
        return Task("", TaskType.FUNCTION)
    shape.all_required(data, ("name", "type"), at)
    name = shape.string(data, "name", at)
    kind = shape.choice(data, "type", at, TaskType)
    fields = {} if _OPTION_KEYS.isdisjoint(data) else _options(shape, data, at)
    if kind is not TaskType.FUNCTION:
        extra = rest(data, TASK_KEYS)
        if kind is TaskType.OUTPUT and data.get("join") == Join.MERGE:  # the validator speaks of any join on an output
            extra = {"join": Join.MERGE.value, **extra}
        return Task(name or "", kind or TaskType.FUNCTION, extra=extra, **fields)
    init_args = data.get("init_args", NOTHING)
    if init_args is not NOTHING and type(init_args) is not dict:
        shape.wrong_type(init_args, "an object", (*at, "init_args"))
        init_args = NOTHING
    namespace, method, consumes, produces = shape.strings(data, _METHOD_TEXTS, at)
    return Task(
        name or "",
        kind,
        namespace=namespace,
        method=method,
        consumes=consumes,
        produces=produces,
        init_args=init_args,
        extra=rest(data, FUNCTION_KEYS),
        **fields,
    )


_METHOD_TEXTS = ("namespace", "method", "consumes", "produces")
_OPTION_KEYS = frozenset({"id", "description", "policy", "join", "collect", "disabled"})


def _options(shape: Shape, data: JsonObject, at: Steps) -> dict[str, Any]:
    """Return the fields of a task that most tasks do without."""
    return {
        "id": shape.string(data, "id", at),
        "description": shape.string(data, "description", at),
        "policy": _task_policy(shape, data["policy"], (*at, "policy")) if "policy" in data else NO_TASK_POLICY,
        "join": shape.choice(data, "join", at, Join) or Join.MERGE,
        "collect": _collect(shape, data["collect"], (*at, "collect")) if "collect" in data else None,
        "disabled": _disabled(shape, data["disabled"], (*at, "disabled")) if "disabled" in data else None,
    }


def _disabled(shape: Shape, value: Any, at: Steps) -> Disabled | None:
    if type(value) is bool:
        return Disabled.BYPASS if value else None
    if type(value) is str and value in Disabled._value2member_map_:
        return Disabled(value)
    shape.unknown_value(value, [*Disabled], at)
    return None


def _collect(shape: Shape, value: Any, at: Steps) -> Collect | None:
    if type(value) is bool:
        return Collect() if value else None
    if type(value) is not dict:
        shape.wrong_type(value, "true or an object", at)
        return None
    return Collect(
        over=shape.string(value, "over", at),
        group_by=shape.string(value, "group_by", at),
        window=_window(shape, value["window"], (*at, "window")) if "window" in value else None,
        missing=shape.choice(value, "missing", at, Missing) or Missing.SKIP,
        extra=rest(value, COLLECT_KEYS),
    )


def _window(shape: Shape, value: Any, at: Steps) -> Window | None:
    data = shape.object(value, at)
    if data is None or not shape.required(data, "size", at):
        return None
    size = shape.integer(data, "size", at, least=1)
    return Window(size or 1, shape.integer(data, "step", at, least=1), extra=rest(data, WINDOW_KEYS))


def _task_policy(shape: Shape, value: Any, at: Steps) -> TaskPolicy:
    data = shape.object(value, at) or {}
    return TaskPolicy(
        retries=shape.integer(data, "retries", at, least=0),
        retry_delay=shape.quantity(data, "retry_delay", at),
        retry_backoff=shape.quantity(data, "retry_backoff", at, above=True),
        timeout=shape.quantity(data, "timeout", at, above=True),
        on_error=shape.choice(data, "on_error", at, OnError),
        max_concurrent=shape.integer(data, "max_concurrent", at, least=1),
        runs=shape.choice(data, "runs", at, RunsOn),
        extra=rest(data, TASK_POLICY_KEYS),
    )


def _job_policy(shape: Shape, value: Any, at: Steps) -> JobPolicy:
    data = shape.object(value, at) or {}
    return JobPolicy(
        max_concurrent=shape.integer(data, "max_concurrent", at, least=1),
        fail_fast=shape.boolean(data, "fail_fast", at),
        extra=rest(data, JOB_POLICY_KEYS),
    )


def _workflow(shape: Shape, value: Any, tasks: Sequence[Task]) -> tuple[Edge, ...]:
    items = shape.array(value, ("workflow",))
    if _are_pairs_of_texts(items):
        same = {task.name: task.name for task in tasks}.get  # the very text of the task: to look it up need not read it
        return tuple([(same(source, source), same(target, target)) for source, target in items])
    edges = []
    for index, item in enumerate(items):
        if type(item) is list and len(item) == 2 and type(item[0]) is str and type(item[1]) is str:
            edges.append((item[0], item[1]))
        else:
            _explain_edge(shape, item, ("workflow", index))
    return tuple(edges)


def _are_pairs_of_texts(items: list[Any]) -> bool:
    """Return whether all edges are sound, in four calls instead of four for each of them."""
    return set(map(type, items)) <= {list} and set(map(len, items)) <= {2} and set(map(type, chain.from_iterable(items))) <= {str}


def _explain_edge(shape: Shape, item: Any, at: Steps) -> None:
    if type(item) is not list or len(item) != 2:
        shape.wrong_type(item, "the names of two tasks", at)
        return
    for end, name in enumerate(item):
        if type(name) is not str:
            shape.wrong_type(name, "the name of a task", (*at, end))


def _layout(shape: Shape, value: Any, at: Steps) -> Layout:
    data = shape.object(value, at) or {}
    return Layout(
        positions=_positions(shape, data["positions"], (*at, "positions")) if "positions" in data else {},
        notes=tuple(_notes(shape, data, at)),
        frames=tuple(_frames(shape, data, at)),
        extra=rest(data, LAYOUT_KEYS),
    )


def _positions(shape: Shape, value: Any, at: Steps) -> dict[str, Position]:
    data = shape.object(value, at) or {}
    return {name: shape.pair(position, (*at, name)) for name, position in data.items()}


def _notes(shape: Shape, layout: JsonObject, at: Steps) -> list[Note]:
    return [Note(text, position, size, rest(data, NOTE_KEYS)) for text, position, size, data in _boxes(shape, layout, "notes", "text", at)]


def _frames(shape: Shape, layout: JsonObject, at: Steps) -> list[Frame]:
    return [
        Frame(title, position, size, rest(data, FRAME_KEYS)) for title, position, size, data in _boxes(shape, layout, "frames", "title", at)
    ]


def _boxes(
    shape: Shape, layout: JsonObject, key: str, text_key: str, at: Steps
) -> list[tuple[str, Position, tuple[float, float], JsonObject]]:
    """Return text, position, size and the object itself of each note or frame."""
    boxes = []
    for index, item in enumerate(shape.array(layout.get(key, []), (*at, key))):
        here = (*at, key, index)
        data = shape.object(item, here)
        if data is None or not shape.all_required(data, (text_key, "position", "size"), here):
            continue
        text = shape.string(data, text_key, here) or ""
        position = shape.pair(data["position"], (*here, "position"))
        boxes.append((text, position, shape.pair(data["size"], (*here, "size"), least=0), data))
    return boxes
