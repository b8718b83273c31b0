"""The suite's own check that nothing is left behind: each kind of leak, planted, fails the test that leaks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

CONFTEST = Path(__file__).parent.parent / "conftest.py"
KINDS = ("asyncio tasks", "child processes", "dask nodes", "temporary files", "threads", "zombies")
LEAKS = """
import asyncio, subprocess, tempfile, threading
from distributed import Scheduler, Worker

async def test_that_leaks_asyncio_tasks():
    global kept
    kept = asyncio.get_running_loop().create_task(asyncio.sleep(60))
    await asyncio.sleep(0)

def test_that_leaks_threads():
    threading.Thread(target=threading.Event().wait, args=(2,), daemon=True).start()

def test_that_leaks_child_processes():
    global child
    child = subprocess.Popen(["sleep", "2"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

def test_that_leaks_zombies():
    global ended
    ended = subprocess.Popen(["true"])

def test_that_leaks_dask_nodes():
    async def start():
        scheduler = await Scheduler(host="127.0.0.1", port=0, dashboard=False)
        return scheduler, await Worker(scheduler.address, host="127.0.0.1", dashboard=False, nthreads=1)

    global loop, nodes
    loop = asyncio.new_event_loop()
    nodes = loop.run_until_complete(start())

def test_that_leaks_temporary_files():
    tempfile.mkdtemp(prefix="planted-")

async def test_that_leaks_nothing():
    with tempfile.TemporaryDirectory():
        await asyncio.to_thread(subprocess.run, ["true"])
"""


def test_that_each_kind_of_leak_fails_its_test_and_no_other(tmp_path: Path) -> None:
    impatient = re.sub(r"(?m)^SECONDS_TO_END = .*$", "SECONDS_TO_END = 0.1", CONFTEST.read_text("utf-8"))
    (tmp_path / "conftest.py").write_text(impatient, "utf-8")
    (tmp_path / "test_planted.py").write_text(LEAKS, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    surroundings = {**os.environ, "COLUMNS": "300", "TMPDIR": str(tmp_path), "PYTHONPATH": str(CONFTEST.parents[1])}
    answer = subprocess.run(command, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    found = re.findall(r"(?m)^(?:FAILED|ERROR) .*::test_that_leaks_(\w+) - AssertionError: the test left (.*?) behind", answer.stdout)
    kinds = [(name.replace("_", " "), left) for name, left in found]
    assert sorted(kinds) == [(kind, kind) for kind in KINDS], answer.stdout
