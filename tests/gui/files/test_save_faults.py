"""A save that fails anywhere leaves the old file or the new one, says what failed, and loses nothing."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import ephemeral_gui
from engine.catalog import load_catalog
from engine.catalog.installation import JOBS
from engine.errors import EphemeralError
from engine.files.leftovers import remove_leftovers
from engine.model.editing import describe
from ephemeral_gui.document.recovery import read_copy, recovery_folder
from ephemeral_gui.document.storage import open_document, save_document

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    Until = Callable[[Callable[[], object]], Awaitable[None]]

SIMPLE = JOBS / "simple-example" / "job.json"
OLD = SIMPLE.read_bytes()
KINDS = [(errno.ENOSPC, False), (errno.EIO, False), (errno.ENOSPC, True)]
KIND_NAMES = ["full", "input/output error", "short write"]
MOST_CALLS = 60


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "job.json"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def _reset(file: Path) -> None:
    for each in file.parent.iterdir():
        each.unlink()
    file.write_bytes(OLD)


def _state(file: Path, new: bytes) -> str:
    """Return ``old``, ``new`` or ``torn``."""
    found = file.read_bytes() if file.exists() else b""
    return {OLD: "old", new: "new"}.get(found, "torn")


def _every_fault(
    file: Path, kind: tuple[int, bool], faults: Any, write: Callable[[], str | None], new: bytes
) -> list[tuple[str, str, str]]:
    """Save once with a fault at each call and return (call, state of the file, complaint) of each."""
    outcomes: list[tuple[str, str, str]] = []
    for at in range(1, MOST_CALLS):
        _reset(file)
        said = ""
        with faults(at, *kind).injected() as injected:
            try:
                said = write() or ""
            except (EphemeralError, OSError) as error:
                said = str(error)
        if injected.hit is None:
            return outcomes
        outcomes.append((injected.hit, _state(file, new), said))
    raise AssertionError("a save that makes so many calls was not foreseen")


@pytest.mark.parametrize("kind", KINDS, ids=KIND_NAMES)
def test_that_every_fault_leaves_the_old_or_the_new_file_and_is_named(
    qapp: object, file: Path, faults: Any, kind: tuple[int, bool]
) -> None:
    catalog = load_catalog()
    documents = []

    def write() -> str | None:
        document = open_document(file)
        document.change("Rename", describe(document.job_map, name="New", description=None))
        documents.append(document)
        return save_document(document, file, catalog)

    write()
    new = file.read_bytes()
    documents.clear()
    outcomes = _every_fault(file, kind, faults, write, new)
    assert {call for call, _, _ in outcomes} == {"open", "write", "fsync", "fchmod", "replace"}
    assert {state for _, state, _ in outcomes} == {"old", "new"}
    for _, state, said in outcomes:
        assert str(file) in said
        assert os.strerror(kind[0]) in said
        assert state == "old" or said.startswith("The previous version") or "the new file is there" in said
    for document, (_, _, said) in zip(documents, outcomes, strict=False):
        assert document.modified is not said.startswith("The previous version")


def test_that_the_harness_finds_a_writer_that_tears(file: Path, faults: Any) -> None:
    new = OLD.replace(b"Simple", b"Other!")

    def write_in_place() -> str | None:
        descriptor = os.open(file, os.O_WRONLY | os.O_TRUNC)
        try:
            os.write(descriptor, new)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return None

    outcomes = _every_fault(file, (errno.ENOSPC, True), faults, write_in_place, new)
    assert [(call, state) for call, state, _ in outcomes] == [("open", "old"), ("write", "torn"), ("fsync", "new")]


@pytest.mark.parametrize("kind", KINDS, ids=KIND_NAMES)
async def test_that_the_window_shows_every_failed_save_and_keeps_the_edits(
    file: Path, faults: Any, until: Until, kind: tuple[int, bool]
) -> None:
    window = ephemeral_gui.open_window(file)
    document = window.document
    assert document is not None
    assert window.page is not None
    hits = 0
    for at in range(1, MOST_CALLS):
        document.change("Rename", describe(document.job_map, name=f"New {at}", description=None))
        window.error_banner.hide()
        assert window.safekeeping._keepers[window.page].keep_now()
        with faults(at, *kind).injected() as injected:
            window.actions_by_id["file.save"].trigger()
            await until(lambda: window.error_banner.isVisible() or not document.modified)
        if injected.hit is None:
            break
        hits += 1
        if document.modified:
            assert str(file) in window.error_banner.text
            assert os.strerror(kind[0]) in window.error_banner.text
            assert [_kept_name(copy) for copy in recovery_folder().glob("*.json")] == [f"New {at}"]
        assert _name_in(file) in {"Simple example", *(f"New {number}" for number in range(at + 1))}
    assert hits >= 9
    assert not document.modified
    assert sorted(path.name for path in file.parent.iterdir()) == ["job.json", "job.json~"]


def _name_in(file: Path) -> str:
    return str(json.loads(file.read_text("utf-8"))["name"])


def _kept_name(copy: Path) -> str:
    kept = read_copy(copy)
    return str(json.loads(kept.states[kept.now][0])["name"])


def test_that_a_failing_previous_version_only_warns(qapp: object, file: Path) -> None:
    file.with_name("job.json~").mkdir()
    document = open_document(file)
    document.change("Rename", describe(document.job_map, name="New", description=None))
    warning = save_document(document, file, load_catalog())
    assert warning is not None
    assert "job.json~" in warning
    assert not document.modified
    assert json.loads(file.read_text("utf-8"))["name"] == "New"


def test_that_the_previous_version_is_as_private_as_the_file(qapp: object, file: Path) -> None:
    file.chmod(0o600)
    document = open_document(file)
    document.change("Rename", describe(document.job_map, name="New", description=None))
    save_document(document, file, load_catalog())
    assert file.with_name("job.json~").read_bytes() == OLD
    assert [path.stat().st_mode & 0o777 for path in file.parent.iterdir()] == [0o600, 0o600]


KILLED = """
import os, signal, sys
from pathlib import Path
from engine.catalog import load_catalog
from engine.model.editing import describe
from ephemeral_gui.document.storage import open_document, save_document
CALLS = ("open", "write", "fsync", "fchmod", "replace", "close")
catalog = load_catalog()
seen = 0

def killed(name, call, at, half):
    def hooked(*arguments, **options):
        global seen
        seen += 1
        if seen == at:
            if half and name == "write":
                call(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return hooked

def save(file, at, half):
    document = open_document(file)
    document.change("Rename", describe(document.job_map, name="New", description=None))
    for name in CALLS:
        setattr(os, name, killed(name, getattr(os, name), at, half))
    save_document(document, file, catalog)

folder = Path(sys.argv[1])
old = Path(sys.argv[2]).read_bytes()
for half in (False, True):
    for at in range(1, 100):
        place = folder / f"{half}-{at}"
        place.mkdir()
        (place / "job.json").write_bytes(old)
        process = os.fork()
        if not process:
            save(place / "job.json", at, half)
            os._exit(0)
        if os.waitpid(process, 0)[1] == 0:
            break
print("done")
"""


def test_that_a_save_killed_at_any_call_leaves_the_old_or_the_new_file_and_nothing_else_after_the_next_start(
    qapp: object, tmp_path: Path, file: Path
) -> None:
    document = open_document(file)
    document.change("Rename", describe(document.job_map, name="New", description=None))
    save_document(document, file, load_catalog())
    new = file.read_bytes()
    folder = tmp_path / "killed"
    folder.mkdir()
    command = [sys.executable, "-c", KILLED, str(folder), str(SIMPLE)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)  # noqa: S603  our own text
    assert (ended.stdout, ended.stderr) == ("done\n", "")
    places = [each for each in folder.iterdir() if each.is_dir()]
    assert len(places) > 20
    assert {_state(place / "job.json", new) for place in places} == {"old", "new"}
    left = [place for place in places if any(each.name.startswith(".ephemeral-") for each in place.iterdir())]
    assert len(left) > 5
    for place in places:
        open_document(place / "job.json")
        assert {each.name for each in place.iterdir()} <= {"job.json", "job.json~"}
        if (place / "job.json~").exists():
            assert (place / "job.json~").read_bytes() == OLD


def test_that_a_file_that_is_being_written_is_no_leftover(tmp_path: Path) -> None:
    from engine.files.leftovers import claim, unfinished_path  # noqa: PLC0415  a writer's own business

    path = unfinished_path(tmp_path / "job.json")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
    assert claim(descriptor)
    assert remove_leftovers(tmp_path) == []
    os.close(descriptor)
    assert remove_leftovers(tmp_path) == [path]


def test_that_only_our_own_unfinished_files_are_removed(tmp_path: Path) -> None:
    names = [".ephemeral-xyz.tmp", "job.json", f".ephemeral-{'0' * 32}.tmp.txt", f"ephemeral-{'0' * 32}.tmp"]
    for name in names:
        (tmp_path / name).write_text("")
    (tmp_path / f".ephemeral-{'1' * 32}.tmp").mkdir()
    (tmp_path / f".ephemeral-{'2' * 32}.tmp").symlink_to(tmp_path / "job.json")
    assert remove_leftovers(tmp_path) == []
    assert (tmp_path / "job.json").exists()
