"""Copies of unsaved documents in a folder of the user's own, from which a later start can bring them back."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.errors import JobMapError
from engine.files import dump_job_map
from engine.files.atomic import write_atomically
from engine.files.job_maps import read_job_map
from engine.files.leftovers import remove_leftovers
from engine.files.strict_json import read_json_bytes
from engine.model.job_map import from_file, new_task_key
from ephemeral_gui.document.document import History, restored
from ephemeral_gui.document.owner import Owner
from ephemeral_gui.document.storage import digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.model.job_map import JobMap
    from ephemeral_gui.document.document import Document

VERSION: Final = 1
_logger = logging.getLogger(__name__)


def recovery_folder() -> Path:
    """Return the folder of the copies; it need not be there."""
    from platformdirs import user_state_path  # noqa: PLC0415  not needed before the first edit

    return user_state_path("ephemeral", appauthor=False) / "recovery"


def new_copy_path(folder: Path) -> Path:
    """Return the path of a copy to be made, in a folder that only the user can enter.

    Raises:
        OSError: the folder cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
    return folder / f"{secrets.token_hex(16)}.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """An unsaved document as it is kept.

    Attributes:
        title: what it was called.
        path: its file, None where it was never saved.
        folder_of: the file whose folder its relative paths refer to.
        file_digest: SHA-256 of the file when the document last read or wrote it.
        edited: when it was last edited, in seconds since 1970.
        owner: the process that has it open; None where that process left it behind on purpose.
        states: the job maps that undo and redo reach as texts, each with the identities of its tasks, which undo knows them by.
        texts: what was done between each two of them.
        now: the index of the present one.
        saved: the index of the one that the file holds; -1 where none is.
    """

    title: str
    path: Path | None
    folder_of: Path | None
    file_digest: str | None
    edited: float
    owner: Owner | None
    states: tuple[tuple[str, tuple[int, ...]], ...]
    texts: tuple[str, ...]
    now: int
    saved: int

    @property
    def is_left_behind(self) -> bool:
        """True where nobody has it open any more."""
        return self.owner is None or not self.owner.is_alive

    @property
    def is_saved(self) -> bool:
        """True where its file holds all of it: it was saved, and the process ended before it could remove this."""
        if self.path is None:
            return False
        job_map, problems = read_job_map(read_json_bytes(self.states[self.now][0].encode("utf-8", "surrogatepass")))
        if job_map is None or problems:
            return False
        return digest_of(self.path) == hashlib.sha256(dump_job_map(job_map).encode()).hexdigest()


def write_copy(path: Path, kept: Kept) -> None:
    """Write a copy that only the user can read.

    Raises:
        OutputError: it cannot be created.
        FileWriteError: writing failed midway; the former copy is as it was.
    """
    data = {
        "version": VERSION,
        "title": kept.title,
        "path": _text(kept.path),
        "folder_of": _text(kept.folder_of),
        "file_digest": kept.file_digest,
        "edited": kept.edited,
        "owner": None if kept.owner is None else {"pid": kept.owner.pid, "started": kept.owner.started},
        "now": kept.now,
        "saved": kept.saved,
        "texts": list(kept.texts),
        "states": [{"job_map": text, "keys": list(keys)} for text, keys in kept.states],
    }
    write_atomically(path, json.dumps(data).encode(), mode=0o600)


def read_copy(path: Path) -> Kept:
    """Return what a copy holds.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no copy of this version.
    """
    data = json.loads(path.read_bytes())
    try:
        if data["version"] != VERSION:
            raise ValueError(f"version {data['version']!r} is not known here")
        return _kept(data)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"it is no copy of a document: {error!r}") from error


def left_behind(folder: Path) -> list[tuple[Path, Kept]]:
    """Return the copies whose owners are gone, the last edited one first; what is saved by now is removed on the way."""
    remove_leftovers(folder)
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            kept = read_copy(path)
        except (OSError, ValueError) as error:
            _logger.warning("an unsaved document that was kept cannot be read: %s: %s", path, error)
            continue
        if kept.is_left_behind and kept.is_saved:
            discard(path)
        elif kept.is_left_behind:
            found.append((path, kept))
    return sorted(found, key=lambda each: -each[1].edited)


def discard(path: Path) -> None:
    """Remove a copy; one that is gone already is no error."""
    with contextlib.suppress(OSError):
        path.unlink()


def bring_back(kept: Kept) -> Document:
    """Return the document that was kept, with its undo history, modified; its file is not touched.

    Raises:
        JobMapError: the copy was damaged.
    """
    keys: dict[int, Any] = {}
    states = tuple(_job_map(text, numbers, keys, kept.folder_of) for text, numbers in kept.states)
    document = restored(History(states, kept.texts, kept.now, kept.saved if kept.saved != kept.now else -1), kept.path)
    document.file_digest = kept.file_digest
    return document


def _job_map(text: str, numbers: Sequence[int], keys: dict[int, Any], folder_of: Path | None) -> JobMap:
    document = read_json_bytes(text.encode("utf-8", "surrogatepass"))
    job_map, problems = read_job_map(document)
    if job_map is None or problems:
        raise JobMapError(problems)
    tasks = tuple(
        replace(task, key=keys.setdefault(number, new_task_key()) if number is not None else task.key)
        for task, number in zip(job_map.tasks, [*numbers, *[None] * len(job_map.tasks)], strict=False)
    )
    return from_file(replace(job_map, tasks=tasks), folder_of, None)


def _kept(data: Mapping[str, Any]) -> Kept:
    owner = data["owner"]
    states = tuple((str(state["job_map"]), tuple(int(key) for key in state["keys"])) for state in data["states"])
    kept = Kept(
        title=str(data["title"]),
        path=_path(data["path"]),
        folder_of=_path(data["folder_of"]),
        file_digest=data["file_digest"],
        edited=float(data["edited"]),
        owner=None if owner is None else Owner(int(owner["pid"]), str(owner["started"])),
        states=states,
        texts=tuple(str(text) for text in data["texts"]),
        now=int(data["now"]),
        saved=int(data["saved"]),
    )
    if len(kept.texts) != len(states) - 1 or not 0 <= kept.now < len(states):
        raise ValueError("its history is torn")
    return kept


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
