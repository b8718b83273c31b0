"""What every test shares: coroutine tests, Hypothesis profiles, and a check that nothing is left behind."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import os
import signal
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING

import hypothesis
import psutil
import pytest

from tests.child_processes import BETWEEN_LOOKS, asked, children, still_running, still_there

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS_TO_END = 5
"""How long threads and processes of a test may take to end after it."""

SHARED_FILES = ("dask-scratch-space", "matplotlib-", "pymp-")
"""Temporary folders that libraries make once for the whole process."""

HAS_QT = importlib.util.find_spec("PySide6") is not None

EXAMPLES = 200 if os.environ.get("CI") else 30

hypothesis.settings.register_profile("fixed", max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("fresh", max_examples=EXAMPLES, deadline=None, print_blob=True)

collect_ignore = [] if HAS_QT else ["gui"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the engine's tests run where there is no Qt: pytest-qt's settings are then known all the same."""
    parser.addoption("--long", action="store_true", help="also run the long tier: fuzzing, kill loops, large property runs")
    if importlib.util.find_spec("pytestqt") is None:
        parser.addini("qt_api", "unused without pytest-qt")
        parser.addini("qt_log_level_fail", "unused without pytest-qt")
        parser.addini("qt_log_ignore", "unused without pytest-qt", type="linelist")


def pytest_configure(config: pytest.Config) -> None:
    """Draw the same examples each time, so that no change fails for a reason that it did not bring; the long tier draws fresh ones."""
    hypothesis.settings.load_profile("fresh" if config.getoption("--long") else "fixed")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts what runs in the background; children would not hear Ctrl-C
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long tier out unless it was asked for: deselected, so that a run has no skipped tests."""
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run ``async def`` tests on a fresh plain asyncio loop; the window's tests bring a loop fixture of their own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj) or "qt_runner" in pyfuncitem.fixturenames:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    with asyncio.Runner(debug=bool(pyfuncitem.get_closest_marker("loop_debug"))) as runner:
        runner.run(_without_leaks(pyfuncitem.obj(**arguments)))
    return True


async def _without_leaks(test: object) -> None:
    await test  # type: ignore[misc]  # pytest gives the coroutine as an object
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert not left, f"the test left asyncio tasks behind: {left}"


@pytest.fixture(scope="session")
def temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder that temporary files of this process, and of those that it starts, go to: this test run's alone."""
    folder = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", None)
        yield folder


@pytest.fixture(autouse=True)
def _nothing_left_behind(temporary_folder: Path) -> Iterator[None]:
    """Fail the test that leaves a child process, a thread of its own making, or a temporary file or folder behind."""
    before = set(children(recursive=True))
    threads = set(threading.enumerate())
    files = set(temporary_folder.iterdir())
    nodes = _dask_nodes()
    yield
    new_nodes = _not_closed(nodes)
    assert not new_nodes, f"the test left dask nodes behind: {new_nodes}"
    new_threads = [each for each in threading.enumerate() if each not in threads and each.is_alive() and not _is_shared(each)]
    for each in new_threads:
        each.join(timeout=SECONDS_TO_END)
    assert not [each for each in new_threads if each.is_alive()], f"the test left threads behind: {new_threads}"
    new_children = _without_helpers(child for child in children(recursive=True) if child not in before)
    alive = still_running(new_children, SECONDS_TO_END)
    assert not alive, f"the test left child processes behind: {alive}"
    zombies = still_there(new_children, SECONDS_TO_END)
    assert not zombies, f"the test left zombies behind: {zombies}"
    new_files = [each.name for each in temporary_folder.iterdir() if each not in files and not each.name.startswith(SHARED_FILES)]
    assert not new_files, f"the test left temporary files behind: {new_files}"


def _not_closed(before: set[object]) -> set[object]:
    ends = time.monotonic() + SECONDS_TO_END
    while (nodes := _dask_nodes() - before) and time.monotonic() < ends:
        threading.Event().wait(BETWEEN_LOOKS)
    return nodes


def _dask_nodes() -> set[object]:
    """Return the schedulers, workers, nannies and clients of this process that are open; none where nobody has imported dask."""
    kinds = [getattr(sys.modules.get("distributed"), name, None) for name in ("Scheduler", "Worker", "Nanny", "Client")]
    nodes = [node for kind in kinds if kind is not None for node in tuple(kind._instances)]
    return {node for node in nodes if getattr(node.status, "name", node.status) not in {"closed", "failed", "init", "newly-created"}}


def _is_shared(thread: threading.Thread) -> bool:
    """Threads that libraries start once for the whole process."""
    return thread.name.startswith(("Profile", "IO loop", "asyncio_", "Dask-", "TCP-Executor", "pymain", "Offload", "QThread", "Dummy"))


def _without_helpers(processes: Iterator[psutil.Process]) -> list[psutil.Process]:
    """Leave out those that ``multiprocessing`` starts once for the whole process."""
    found = list(processes)
    commands = asked(found, psutil.Process.cmdline)
    helpers = {child for child, command in commands if any(word in " ".join(command) for word in ("resource_tracker", "forkserver"))}
    return [child for child in found if child not in helpers]
