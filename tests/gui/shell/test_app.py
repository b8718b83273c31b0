"""The application as a process: how it starts, what it survives, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from engine.catalog.installation import JOBS
from ephemeral_gui.display import why_no_window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIMPLE = JOBS / "simple-example" / "job.json"

START = """
import sys
from PySide6.QtCore import QTimer
from ephemeral_gui import app
show_window = app.show_window
def show(*args, **options):
    window = show_window(*args, **options)
    QTimer.singleShot(0, lambda: then(window))
    return window
app.show_window = show
def ready(window):
    print("ready", flush=True)
"""
END = "\nsys.exit(app.run_gui(sys.argv[1] if len(sys.argv) > 1 else None))"
IDLE = START + "then = ready" + END
CHANGED = (
    START
    + """
from engine.model.editing import describe
def then(window):
    window.document.change("Rename", describe(window.document.job_map, name="Changed", description=None))
    ready(window)
"""
    + END
)
BUG_IN_SLOT = (
    START
    + """
def then(window):
    QTimer.singleShot(0, lambda: 1 / 0)
    QTimer.singleShot(100, window, lambda: (print(window.error_banner.text, flush=True), window.close()))
"""
    + END
)
BUG_IN_COROUTINE = (
    START
    + """
async def fail():
    raise LookupError("lost")
def then(window):
    window.background.start(fail())
    QTimer.singleShot(100, window, lambda: (print(window.error_banner.text, flush=True), window.close()))
"""
    + END
)
HEAVY = (
    START
    + """
def then(window):
    heavy = {"numpy", "pandas", "xarray", "dask", "distributed", "matplotlib", "netCDF4", "jsonschema", "NodeGraphQt"}
    print(sorted(heavy & set(sys.modules)), flush=True)
    window.close()
"""
    + END
)


@contextmanager
def started(program: str, *arguments: str, tmp_path: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", program, *arguments]
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path), **environment}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables) as process:  # noqa: S603
        try:
            yield process
        finally:
            process.kill()


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["interrupted", "terminated"])
def test_that_a_signal_closes_an_idle_window(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with started(IDLE, str(SIMPLE), tmp_path=tmp_path) as process:
        assert _first_line(process) == "ready"
        process.send_signal(number)
        _, complaints = process.communicate(timeout=30)
    assert (process.returncode, complaints) == (code, "")


def test_that_an_interrupt_asks_about_changes_and_a_second_one_leaves(tmp_path: Path) -> None:
    with started(CHANGED, str(SIMPLE), tmp_path=tmp_path) as process:
        assert _first_line(process) == "ready"
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 130


@pytest.mark.parametrize(
    ("program", "words"),
    [(BUG_IN_SLOT, "ZeroDivisionError: division by zero"), (BUG_IN_COROUTINE, "LookupError: lost")],
    ids=["in a slot", "in a coroutine"],
)
def test_that_an_error_of_ours_is_shown_and_ends_in_code_70(tmp_path: Path, program: str, words: str) -> None:
    with started(program, str(SIMPLE), tmp_path=tmp_path) as process:
        shown, _ = process.communicate(timeout=60)
    assert words in shown
    assert process.returncode == 70


def test_that_nothing_heavy_is_imported_before_an_empty_window_is_shown(tmp_path: Path) -> None:
    with started(HEAVY, tmp_path=tmp_path) as process:
        shown, _ = process.communicate(timeout=60)
    assert shown == "[]\n"
    assert process.returncode == 0


def test_that_without_a_display_it_is_said_and_nothing_aborts(tmp_path: Path) -> None:
    with started(IDLE, tmp_path=tmp_path, QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="") as process:
        _, complaints = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "there is no display" in complaints
    assert "Traceback" not in complaints


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"DISPLAY": ":987"}, "the display :987 does not answer"),
        ({"DISPLAY": ""}, "there is no display"),
        ({"DISPLAY": "", "WAYLAND_DISPLAY": "wayland-0"}, None),
        ({"DISPLAY": "", "QT_QPA_PLATFORM": "offscreen"}, None),
    ],
)
def test_that_a_display_that_cannot_be_reached_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], words: str | None
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.setenv(name, variables.get(name, ""))
    reason = why_no_window()
    assert reason is None if words is None else reason is not None and words in reason
