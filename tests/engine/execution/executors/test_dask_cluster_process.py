"""Embedded clusters of processes that are killed, that have no guarded script, or that are not the only ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import psutil
import pytest

from engine.execution.executors.dask_client import open_dask_client
from engine.execution.executors.scratch_folder import LOCK_FILE, PREFIX, ScratchFolder, remove_leftovers
from tests.child_processes import children, children_with, still_running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KILLED_SECONDS = 10
SCRIPT = """
import asyncio, os, signal, sys
from engine.execution.executors.dask_client import open_dask_client

def square(number):
    return number * number

async def main():
    async with open_dask_client(workers=1) as client:
        answer = await client.submit(square, 7)
        if "fork" in sys.argv and os.fork() == 0:
            signal.pause()  # holds every pipe open
        print(answer, flush=True)
        if len(sys.argv) > 1:
            await asyncio.Event().wait()

asyncio.run(main())
"""
WAYS = ["wait", "fork"] if sys.platform == "linux" else ["wait"]
"""Elsewhere than on Linux a cluster waits for the end of what the killed process forked."""


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """The folder for temporary files of a script."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture(params=WAYS)
def waiting_script(tmp_path: Path, scratch: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A script whose cluster is up, and which then waits; with "fork", another process holds all of its pipes open."""
    process = _start(tmp_path, scratch, request.param)
    assert process.stdout is not None
    forked: set[psutil.Process] = set()
    try:
        assert process.stdout.readline() == "49\n"
        forked = set(children(process.pid)) - set(children_with("cluster_process", process.pid))
        yield process
    finally:
        for each in forked:
            each.kill()
        process.kill()
        process.stdout.close()
        process.wait()


def _start(folder: Path, scratch: Path, *arguments: str, on_stdin: bool = False) -> subprocess.Popen[str]:
    script = folder / "script.py"
    script.write_text(SCRIPT)
    with script.open() as text:
        return subprocess.Popen(  # noqa: S603  our own script
            [sys.executable, "-" if on_stdin else str(script), *arguments],
            stdin=text if on_stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(scratch)},
            text=True,
        )


def _cluster_of(process: subprocess.Popen[str]) -> psutil.Process:
    (cluster,) = children_with("cluster_process", process.pid)
    return cluster


def _gone(processes: list[psutil.Process]) -> bool:
    return not still_running(processes, KILLED_SECONDS)


@pytest.mark.parametrize("on_stdin", [False, True], ids=["a file", "standard input"])
def test_that_a_script_without_a_guard_has_its_cluster(tmp_path: Path, scratch: Path, on_stdin: bool) -> None:  # noqa: FBT001  a parameter of pytest
    process = _start(tmp_path, scratch, on_stdin=on_stdin)
    answer, _ = process.communicate(timeout=60)
    assert (answer, process.returncode) == ("49\n", 0)
    assert list(scratch.iterdir()) == []


def test_that_nothing_is_left_of_a_process_that_was_killed(waiting_script: subprocess.Popen[str], scratch: Path) -> None:
    cluster = _cluster_of(waiting_script)
    family = [cluster, *cluster.children(recursive=True)]
    assert len(family) >= 2  # it and its worker
    waiting_script.send_signal(signal.SIGKILL)
    assert _gone(family)
    assert list(scratch.iterdir()) == []


def test_that_workers_end_with_the_process_of_their_cluster(waiting_script: subprocess.Popen[str]) -> None:
    cluster = _cluster_of(waiting_script)
    family = cluster.children(recursive=True)
    cluster.kill()
    assert _gone(family)


async def test_that_what_workers_started_ends_with_the_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    async with open_dask_client(workers=1) as client:
        grandchild = psutil.Process(await client.submit(eval, "__import__('subprocess').Popen(['sleep', '600']).pid"))
        assert grandchild.is_running()
    assert _gone([grandchild])


def test_that_folders_of_killed_clusters_are_removed_by_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, strange, new = tmp_path / f"{PREFIX}left", tmp_path / "strange", tmp_path / f"{PREFIX}new"
    for folder in (left, strange, new):
        folder.mkdir()
    (left / LOCK_FILE).touch()
    in_use, own = ScratchFolder(), ScratchFolder()
    remove_leftovers(own.path)
    assert not left.exists()
    assert strange.exists()
    assert new.exists()  # it may be locked any moment
    assert in_use.path.exists()
    os.utime(new, (0, 0))
    remove_leftovers(own.path)
    assert not new.exists()
    in_use.remove()
    own.remove()
    assert [each.name for each in tmp_path.iterdir()] == ["strange"]
