"""From a file to a document and back."""

from __future__ import annotations

import os.path
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.files import load_job_map, save_job_map
from engine.model.editing import replace_task, set_datasource
from ephemeral_gui.document.document import Document

if TYPE_CHECKING:
    from engine.catalog import Catalog
    from engine.model.job_map import JobMap, Task
    from engine.model.json_value import JsonObject

DATASOURCE_PATHS = ("path", "folder")


def open_document(path: Path) -> Document:
    """Return the document of a job map file.

    Raises:
        JobMapError: the file is no job map; all problems are named.
        InputMissingError: it is not there or cannot be read.
    """
    return Document(load_job_map(path), path)


def open_copy(path: Path) -> Document:
    """Return a document that starts as a copy of the file and has none of its own yet; relative paths still refer to that file's folder.

    Raises:
        JobMapError: the file is no job map.
        InputMissingError: it is not there or cannot be read.
    """
    return Document(load_job_map(path))


def save_document(document: Document, path: Path, catalog: Catalog) -> None:
    """Write the document's job map to the path, all or nothing, and say so to the document.

    Where the path lies in another folder than before, relative paths to read are changed to name the same files from there.

    Raises:
        OutputError: the file cannot be created.
        FileWriteError: writing failed midway; the former file is untouched.
    """
    job_map = document.job_map
    if job_map.folder is not None and job_map.folder.absolute() != path.absolute().parent:
        job_map = relocated(job_map, catalog, job_map.folder.absolute(), path.absolute().parent)
    save_job_map(job_map, path)
    document.change("Save in another folder", job_map)
    document.mark_saved(path)


def relocated(job_map: JobMap, catalog: Catalog, old: Path, new: Path) -> JobMap:
    """Return the job map with relative paths to read that meant files below ``old`` naming the same files from ``new``."""
    source = job_map.datasource
    options = _moved(source.options, [name for name in DATASOURCE_PATHS if source.source in ("file", "files")], old, new)
    if options is not source.options:
        job_map = set_datasource(job_map, replace(source, options=options))
    for task in job_map.tasks:
        init_args = _moved(task.init_args, _path_arguments(task, catalog), old, new)
        if init_args is not task.init_args:
            job_map = replace_task(job_map, task.key, init_args=init_args)
    return job_map


def _path_arguments(task: Task, catalog: Catalog) -> list[str]:
    definition = catalog.definition(task.namespace, task.method)
    return [] if definition is None else [each.name for each in definition.init_args if each.format == "path"]


def _moved(values: JsonObject, names: list[str], old: Path, new: Path) -> JsonObject:
    moved = {name: _seen_from(new, old / value) for name in names if isinstance(value := values.get(name), str) and _is_relative(value)}
    return {**values, **moved} if moved else values


def _is_relative(text: str) -> bool:
    return bool(text) and not Path(text).is_absolute()


def _seen_from(folder: Path, file: Path) -> str:
    """Return the path relative to the folder where it lies below it, else absolute: a chain of ``..`` breaks at the next move."""
    wanted = Path(os.path.normpath(file))
    return wanted.relative_to(folder).as_posix() if wanted.is_relative_to(folder) else str(wanted)
