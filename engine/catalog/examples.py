"""The example jobs that come with Ephemeral: ``resources/jobs/<name>/job.json`` and the data beside it."""

from __future__ import annotations

import os
import shutil
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from engine.catalog.installation import JOBS
from engine.errors import InputMissingError, OutputError
from engine.files import load_job_map
from engine.lazy_dataclasses import dataclass
from engine.model.job_map import TaskType
from engine.problems import suggestion

if TYPE_CHECKING:
    from pathlib import Path

    from engine.model.job_map import JobMap

JOB_FILE = "job.json"
NOT_COPIED = ("expected*", "__pycache__", ".*")


@dataclass(frozen=True, slots=True)
class Example:
    """A job to learn from.

    Attributes:
        name: folder of the job, and what a person types to copy it.
        title: name of the job map.
        description: description of the job map, empty where there is none.
        path: the job map file; it may lie where nobody can write.
        task_count: how many tasks it has, inputs and outputs included.
        output_count: how many of them are outputs.
        namespaces: the namespaces that it uses, in alphabetical order.
    """

    name: str
    title: str
    description: str
    path: Path
    task_count: int
    output_count: int
    namespaces: tuple[str, ...]


def list_examples() -> list[Example]:
    """Return the examples, from the simplest to the largest.

    Raises:
        JobMapError: an example was spoiled.
    """
    examples = [_example(path, load_job_map(path)) for path in JOBS.glob(f"*/{JOB_FILE}")]
    return sorted(examples, key=lambda example: (example.task_count, example.name))


def copy_example(name: str, folder: Path) -> Path:
    """Copy an example and its data into a folder and return the copied job map file; nothing is overwritten.

    Args:
        name: name of the example.
        folder: where to; made where it is not there.

    Raises:
        InputMissingError: there is no such example.
        OutputError: a file of that name is there already, or cannot be made.
    """
    source = _folder_of(name)
    files = [path.relative_to(source) for path in sorted(source.rglob("*")) if path.is_file() and _is_copied(path.relative_to(source))]
    for file in files:
        if os.path.lexists(folder / file):
            raise OutputError(folder / file, "is there already, and an example overwrites nothing")
    for file in files:
        _copy(source / file, folder / file)
    return folder / JOB_FILE


def _folder_of(name: str) -> Path:
    """Look the name up in the list of examples: it is never made part of a path."""
    folders = {path.parent.name: path.parent for path in JOBS.glob(f"*/{JOB_FILE}")}
    if name not in folders:
        near = suggestion(name, folders)
        known = near or f"there are: {', '.join(sorted(folders))}"
        raise InputMissingError(name, f"there is no example of this name ({known})")
    return folders[name]


def _is_copied(file: Path) -> bool:
    return not any(fnmatch(step, pattern) for step in file.parts for pattern in NOT_COPIED)


def _copy(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as stream, target.open("xb") as copy:
            shutil.copyfileobj(stream, copy)
    except OSError as error:
        raise OutputError(target, f"cannot be written: {error.strerror or error}") from error


def _example(path: Path, job_map: JobMap) -> Example:
    return Example(
        name=path.parent.name,
        title=job_map.name,
        description=job_map.description or "",
        path=path,
        task_count=len(job_map.tasks),
        output_count=sum(task.type is TaskType.OUTPUT for task in job_map.tasks),
        namespaces=tuple(sorted({task.namespace for task in job_map.tasks if task.is_function})),
    )
