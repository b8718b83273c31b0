"""From a file to a document and back."""

from __future__ import annotations

import hashlib
import os.path
import stat
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EphemeralError, OutputError
from engine.files import dump_job_map, load_job_map
from engine.files.atomic import write_atomically
from engine.files.leftovers import remove_leftovers
from engine.files.script import job_script
from engine.files.strict_json import LARGEST_FILE
from engine.model.editing import replace_task, set_datasource
from engine.model.matching import matching_tasks
from ephemeral_gui.document.document import Document

if TYPE_CHECKING:
    from engine.catalog import Catalog
    from engine.model.job_map import JobMap, Task
    from engine.model.json_value import JsonObject

DATASOURCE_PATHS = ("path", "folder")


class OnDisk(StrEnum):
    """What became of a document's file since the document last read or wrote it."""

    SAME = "same"
    CHANGED = "changed"
    DELETED = "deleted"


class ChangedOnDiskError(EphemeralError):
    """The file is not what the document knows; writing would lose what somebody else did."""

    def __init__(self, path: Path, found: OnDisk) -> None:
        self.found = found
        super().__init__(f"{path}: it was {found.value} by another program since it was opened or saved here")


def open_document(path: Path) -> Document:
    """Return the document of a job map file; what killed saves left beside it is removed.

    Raises:
        JobMapError: the file is no job map; all problems are named.
        InputMissingError: it is not there or cannot be read.
    """
    digest = digest_of(path)  # before it is read: what changes in between is noticed later
    document = Document(load_job_map(path), path)
    document.file_digest = digest
    remove_leftovers(path.absolute().parent)
    return document


def open_copy(path: Path) -> Document:
    """Return a document that starts as a copy of the file and has none of its own yet; relative paths still refer to that file's folder.

    Raises:
        JobMapError: the file is no job map.
        InputMissingError: it is not there or cannot be read.
    """
    return Document(load_job_map(path))


def digest_of(path: Path) -> str | None:
    """Return the SHA-256 of a file's bytes, one word for all that no job map can be as large as; None where no file can be read."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return None
        return "too large" if found.st_size > LARGEST_FILE else hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return None


def state_on_disk(document: Document) -> OnDisk:
    """Return what became of the document's file, by its bytes: neither times nor sizes are trusted."""
    path, known = document.path, document.file_digest
    if path is None or known is None:
        return OnDisk.SAME
    found = digest_of(path)
    if found is None:
        return OnDisk.SAME if os.path.lexists(path) else OnDisk.DELETED  # what cannot be read is for the write to complain of
    return OnDisk.SAME if found == known else OnDisk.CHANGED


def keep_mine(document: Document) -> None:
    """Take note of the file as it is now, so that the next save replaces it."""
    if document.path is not None:
        document.file_digest = digest_of(document.path)
        document.mark_unsaved()


def load_theirs(document: Document, text: str) -> None:
    """Take over what the document's file holds now, as one step that can be undone, called ``text``.

    Raises:
        JobMapError: the file is no job map any more.
        InputMissingError: it is not there or cannot be read.
    """
    if document.path is None:
        return
    digest = digest_of(document.path)
    theirs = with_identities_of(document.job_map, load_job_map(document.path))
    document.change(text, theirs)
    document.mark_saved(document.path, digest)


def with_identities_of(known: JobMap, job_map: JobMap) -> JobMap:
    """Return a job map that was read anew with the identities of the tasks that it shares with another one."""
    places = {new: old for old, new in matching_tasks(known, job_map).items()}
    tasks = [replace(task, key=known.tasks[places[new]].key) if new in places else task for new, task in enumerate(job_map.tasks)]
    return replace(job_map, tasks=tuple(tasks))


def save_document(document: Document, path: Path, catalog: Catalog, *, replace_any: bool = False) -> str | None:
    """Write the document's job map to the path, all or nothing, and say so to the document.

    Where the path lies in another folder than before, relative paths to read are changed to name the same files from there. What the file
    held before is kept beside it under its name with ``~``.

    Args:
        document: what is saved.
        path: the file.
        catalog: says which arguments are paths.
        replace_any: also replace a file that somebody else changed since.

    Returns:
        A warning where the previous version could not be kept.

    Raises:
        ChangedOnDiskError: somebody else changed or deleted the document's own file since; nothing was written.
        OutputError: the file cannot be created.
        FileWriteError: writing failed midway; the former file is untouched.
    """

    def look() -> None:
        if not replace_any and path == document.path and (found := state_on_disk(document)) is not OnDisk.SAME:
            raise ChangedOnDiskError(path, found)

    look()
    job_map = document.job_map
    if job_map.folder is not None and job_map.folder.absolute() != path.absolute().parent:
        job_map = relocated(job_map, catalog, job_map.folder.absolute(), path.absolute().parent)
    data = dump_job_map(job_map).encode()
    remove_leftovers(path.absolute().parent)
    warning = _keep_previous(path, data)
    digest = hashlib.sha256(data).hexdigest()
    try:
        write_atomically(path, data, look_again=look)  # writing may take its time, and others may use it
    except EphemeralError:
        if path == document.path and digest_of(path) == digest:
            document.file_digest = digest  # it is there, though perhaps not after a power cut: nobody else's doing
        raise
    document.change("Save in another folder", job_map)
    document.mark_saved(path, digest)
    return warning


def write_script(job_map: JobMap, path: Path, catalog: Catalog, workspace: Path | None) -> None:
    """Write a Python script that runs the job map; relative paths to read name the same files from there.

    Raises:
        OutputError: the file cannot be created.
        FileWriteError: writing failed midway.
    """
    if job_map.folder is not None:
        job_map = relocated(job_map, catalog, job_map.folder.absolute(), path.absolute().parent)
    write_atomically(path, job_script(job_map, workspace=workspace).encode())


def _keep_previous(path: Path, data: bytes) -> str | None:
    """Keep what the file holds, where that is something else; return why it could not be kept."""
    try:
        _copy_aside(Path(os.path.realpath(path)), data)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        return f"The previous version could not be kept: {OutputError(path, str(error))}"
    except EphemeralError as error:
        return f"The previous version could not be kept: {error}"
    return None


def _copy_aside(path: Path, data: bytes) -> None:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        return
    if found.st_size > LARGEST_FILE:
        raise OutputError(path, "it is larger than any job map")
    held = path.read_bytes()
    if held != data:
        write_atomically(path.with_name(f"{path.name}~"), held, mode=stat.S_IMODE(found.st_mode))


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
