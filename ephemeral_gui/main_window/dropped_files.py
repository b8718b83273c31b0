"""What becomes of files that are dropped on the window: job maps are opened, data become the datasource, the rest is refused in words."""

from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.errors import EphemeralError
from engine.files.strict_json import read_json_file
from engine.model import editing
from engine.model.job_map import Datasource, TaskType
from ephemeral_gui.canvas.editor import centred
from ephemeral_gui.canvas.new_tasks import end_task, function_task
from ephemeral_gui.canvas.wiring import connected, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.catalog import Catalog
    from engine.model.definition import Definition
    from engine.model.job_map import JobMap, Position, Task, TaskKey

ROWS: Final = frozenset({".json", ".jsonl", ".ndjson", ".csv"})
"""Endings of files that a datasource of ``file`` reads."""

WORDS: Final = {".nc": "netcdf", ".nc4": "netcdf", ".cdf": "netcdf", ".netcdf": "netcdf"}
"""What a definition calls the files of an ending; any other ending is looked for as it is."""

_KEYS: Final = {"tasks", "workflow"}
_STEP: Final = 240.0
"""From the input to a task that is added behind it."""


@dataclass(slots=True)
class Sorted:
    """Dropped files by what becomes of them.

    Attributes:
        job_maps: to be opened, each in a tab of its own.
        rows: the file or folder that becomes the datasource; of several files it gives the paths, one payload for each.
        loaded: files of one ending that a task reads, and the method that does.
        refused: a sentence for each file that nothing can be done with.
    """

    job_maps: list[Path] = field(default_factory=list)
    rows: list[Path] = field(default_factory=list)
    loaded: list[Path] = field(default_factory=list)
    loader: Definition | None = None
    refused: list[str] = field(default_factory=list)


def sort_files(paths: Sequence[Path], catalog: Catalog) -> Sorted:
    """Return what becomes of dropped files. A job has one datasource: files of the first one's kind are taken together."""
    found = Sorted()
    for path in paths:
        loader = None if path.is_dir() else loader_of(path, catalog)
        if path.is_file() and path.suffix.lower() == ".json" and is_job_map(path):
            found.job_maps.append(path)
        elif not (path.is_dir() or path.suffix.lower() in ROWS or loader is not None):
            found.refused.append(f"{path.name} is neither a job map nor data that a task here reads.")
        elif found.loader is not None and loader is found.loader:
            found.loaded.append(path)
        elif found.loader is not None or (found.rows and (loader is not None or path.is_dir() or found.rows[0].is_dir())):
            found.refused.append(f"{path.name} was left out: a job has one datasource.")
        elif loader is not None:
            found.loader, found.loaded = loader, [path]
        else:
            found.rows.append(path)
    return found


def is_job_map(path: Path) -> bool:
    """Return whether a JSON file means to be a job map, well or badly."""
    try:
        document = read_json_file(path)
    except EphemeralError:
        return False
    if document.problems:
        return all(f'"{key}"' in (document.text or "") for key in _KEYS)
    return isinstance(document.value, dict) and document.value.keys() >= _KEYS


def loader_of(path: Path, catalog: Catalog) -> Definition | None:
    """Return the method that reads files of this ending: one that takes a path and speaks of such files; None where there is none."""
    if path.suffix.lower() in ROWS or not path.suffix:
        return None
    word = WORDS.get(path.suffix.lower(), path.suffix[1:].lower())
    speaking = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
    readers = (each for each in catalog.definitions.values() if _path_argument(each) or _takes_path(each))
    fitting = [each for each in readers if speaking.search("\n".join(_texts(each)))]
    return min(fitting, key=lambda each: (speaking.search(each.display_title) is None, _path_argument(each) is None), default=None)


def with_files(job_map: JobMap, found: Sorted, catalog: Catalog, at: Position) -> tuple[JobMap, list[TaskKey]]:
    """Return the job map that reads the files, and the tasks that a user would go on with; it may come from nowhere yet.

    Args:
        job_map: what the files were dropped on.
        found: the files.
        catalog: says which types a loader takes.
        at: where they were dropped.
    """
    if found.loader is not None:
        return _with_loader(job_map, found.loaded, found.loader, catalog, at)
    if not found.rows:
        return job_map, []
    one, *others = found.rows
    datasource = _paths_source(found.rows, job_map.folder) if others else rows_source(one, job_map.folder)
    job_map, key = _with_input(editing.set_datasource(job_map, datasource), at)
    return job_map, [key]


def rows_source(path: Path, folder: Path | None) -> Datasource:
    """Return the datasource that reads a file's rows or names a folder's files."""
    seen = seen_from(folder, path)
    return Datasource("files", {"folder": seen, "pattern": "*"}) if path.is_dir() else Datasource("file", {"path": seen})


def seen_from(folder: Path | None, path: Path) -> str:
    """Return a path relative to the job map's folder where it lies below it, else absolute: a chain of ``..`` breaks at the next move."""
    wanted = Path(os.path.abspath(path))  # noqa: PTH100  without following links, as the user named it
    home = folder.absolute() if folder is not None else None
    return wanted.relative_to(home).as_posix() if home is not None and wanted.is_relative_to(home) else str(wanted)


def _with_loader(job_map: JobMap, paths: list[Path], loader: Definition, catalog: Catalog, at: Position) -> tuple[JobMap, list[TaskKey]]:
    argument = _path_argument(loader)
    if argument is None:
        job_map = editing.set_datasource(job_map, _paths_source(paths, job_map.folder))
    job_map, source = _with_input(job_map, (at[0] - _STEP, at[1]))
    if argument is None and (there := _behind(job_map, source, loader)) is not None:
        return job_map, [there.key]
    keys = []
    for number, path in enumerate(paths if argument is not None else paths[:1]):
        task = function_task(job_map, loader)
        if argument is not None:
            task = replace(task, init_args={**task.init_args, argument: seen_from(job_map.folder, path)})
        job_map = editing.add_tasks(job_map, [task], {task.name: centred(TaskType.FUNCTION, (at[0], at[1] + 120.0 * number))})
        if refusal(job_map, source, task.key, catalog) is None:
            job_map = connected(job_map, source, task.key, catalog)
        keys.append(task.key)
    return job_map, keys


def _paths_source(paths: list[Path], folder: Path | None) -> Datasource:
    """Return the datasource that gives the paths: by name where they share a folder, so that they are still found after a move."""
    if len(paths) == 1:
        return Datasource("files", {"folder": seen_from(folder, paths[0].parent), "pattern": glob.escape(paths[0].name)})
    return Datasource("direct", {"content": [{"path": seen_from(folder, path)} for path in paths]})


def _with_input(job_map: JobMap, at: Position) -> tuple[JobMap, TaskKey]:
    """Return the job map with its input, made where there is none, and the input's identity."""
    there = next((task.key for task in job_map.tasks if task.type is TaskType.INPUT), None)
    if there is not None:
        return job_map, there
    task = end_task(job_map, TaskType.INPUT)
    return editing.add_tasks(job_map, [task], {task.name: centred(TaskType.INPUT, at)}), task.key


def _behind(job_map: JobMap, source: TaskKey, loader: Definition) -> Task | None:
    """Return the task of the method that the input feeds already."""
    children = [job_map.by_name[name] for name in job_map.children.get(job_map.by_key[source].name, ()) if name in job_map.by_name]
    return next((task for task in children if (task.namespace, task.method) == (loader.namespace, loader.name)), None)


def _path_argument(definition: Definition) -> str | None:
    return next((argument.name for argument in definition.init_args if argument.format == "path"), None)


def _takes_path(definition: Definition) -> bool:
    """Return whether its payload has a path, as the example of the definition shows it."""
    payload = definition.example.get("payload") if isinstance(definition.example, dict) else None
    return isinstance(payload, dict) and isinstance(payload.get("path"), str)


def _texts(definition: Definition) -> Iterator[str]:
    yield from (definition.name.replace("_", " "), definition.display_title, definition.description)
    yield from (argument.description or "" for argument in definition.init_args)
