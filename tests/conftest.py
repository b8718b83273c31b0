"""What every test shares: coroutine tests, Hypothesis profiles, and a check that nothing is left behind."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import os
import tempfile
import threading
from typing import TYPE_CHECKING

import hypothesis
import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS_TO_END = 5
"""How long threads and processes of a test may take to end after it."""

SHARED_FILES = ("dask-scratch-space", "matplotlib-", "pymp-")
"""Temporary folders that libraries make once for the whole process."""

HAS_QT = importlib.util.find_spec("PySide6") is not None

hypothesis.settings.register_profile("dev", max_examples=30, deadline=None)
hypothesis.settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")

collect_ignore = [] if HAS_QT else ["gui"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the engine's tests run where there is no Qt: pytest-qt's settings are then known all the same."""
    parser.addoption("--long", action="store_true", help="also run the long tier: fuzzing, kill loops, large property runs")
    if importlib.util.find_spec("pytestqt") is None:
        parser.addini("qt_api", "unused without pytest-qt")
        parser.addini("qt_log_level_fail", "unused without pytest-qt")
        parser.addini("qt_log_ignore", "unused without pytest-qt", type="linelist")


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
    children = {child.pid for child in psutil.Process().children(recursive=True)}
    threads = set(threading.enumerate())
    files = set(temporary_folder.iterdir())
    yield
    new_threads = [each for each in threading.enumerate() if each not in threads and each.is_alive() and not _is_shared(each)]
    for each in new_threads:
        each.join(timeout=SECONDS_TO_END)
    assert not [each for each in new_threads if each.is_alive()], f"the test left threads behind: {new_threads}"
    new_children = [child for child in psutil.Process().children(recursive=True) if child.pid not in children and not _is_helper(child)]
    _, alive = psutil.wait_procs(new_children, timeout=SECONDS_TO_END)
    assert not alive, f"the test left child processes behind: {alive}"
    new_files = [each.name for each in temporary_folder.iterdir() if each not in files and not each.name.startswith(SHARED_FILES)]
    assert not new_files, f"the test left temporary files behind: {new_files}"


def _is_shared(thread: threading.Thread) -> bool:
    """Threads that libraries start once for the whole process."""
    return thread.name.startswith(("Profile", "IO loop", "asyncio_", "Dask-", "TCP-Executor", "pymain", "Offload", "QThread", "Dummy"))


def _is_helper(child: psutil.Process) -> bool:
    """Processes that ``multiprocessing`` starts once for the whole process."""
    try:
        command = " ".join(child.cmdline())
    except psutil.Error:
        return True
    return "resource_tracker" in command or "forkserver" in command
