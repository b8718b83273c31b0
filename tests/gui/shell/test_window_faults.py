"""What goes wrong in the window itself, or around it, is named; the window lives on and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from PySide6.QtCore import QByteArray, QEvent, QMimeData, QSettings
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

import ephemeral_gui
from engine.catalog import Catalog
from engine.catalog.installation import JOBS
from engine.model.editing import describe
from ephemeral_gui import app

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from PySide6.QtGui import QClipboard

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

SIMPLE = JOBS / "simple-example" / "job.json"
PROGRAM = """
import asyncio, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from engine.model.editing import describe
from ephemeral_gui import app


show_window = app.show_window

def show(*args, **options):
    window = show_window(*args, **options)
    QTimer.singleShot(0, window, lambda: then(window))
    return window

def edit(window):
    window.document.change("Rename", describe(window.document.job_map, name="Changed", description=None))

def leave(window):
    document = window.document
    print(document.job_map.name, document.modified, window.error_banner.text, flush=True)
    window.leaving.may_close = True
    window.close()

app.show_window = show
"""
END = "\nsys.exit(app.run_gui(sys.argv[1]))"
PAINT = """
from ephemeral_gui.{module} import {name}
painted = {name}.paintEvent
is_broken = False
def paintEvent(*arguments):
    if is_broken:
        raise LookupError("in paint")
    painted(*arguments)
{name}.paintEvent = paintEvent
def then(window):
    global is_broken
    edit(window)
    is_broken = True
    for widget in window.findChildren({name}):
        widget.update()
    QTimer.singleShot(700, window, lambda: leave(window))
"""
LATE = """
def then(window):
    edit(window)
    loop = asyncio.get_event_loop()
    window.closed.connect(lambda: loop.call_soon(lambda: 1 / 0))
    leave(window)
"""
LATE_SLOT = """
def then(window):
    edit(window)
    window.closed.connect(lambda: 1 / 0)
    leave(window)
"""
READY = """
def then(window):
    print("ready", window.document.job_map.name, window.devicePixelRatioF(), flush=True)
    window.grab()
    window.close()
"""
WAIT = """
def then(window):
    edit(window)
    print("ready", flush=True)
    sys.stdin.readline()
    window.leaving.may_close = True
    window.close()
"""


@contextmanager
def _started(program: str, tmp_path: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Start the application as a process of its own."""
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path / "config"), **environment}
    variables["XDG_STATE_HOME"] = str(tmp_path / "state")
    command = [sys.executable, "-c", PROGRAM + program + END, str(SIMPLE)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=variables) as process:  # noqa: S603  our own words
        try:
            yield process
        finally:
            process.kill()


def _ended(program: str, tmp_path: Path, **environment: str) -> tuple[str, str, int]:
    """Return what the application said, what it complained of, and its exit code."""
    with _started(program, tmp_path, **environment) as process:
        shown, complaints = process.communicate(timeout=100)
    return shown, complaints, process.returncode


@pytest.mark.parametrize(
    ("module", "name"),
    [("widgets.labels", "ElidedLabel"), ("canvas.viewer", "JobViewer")],
)
def test_that_an_error_while_painting_is_shown_once_and_goes_round_in_no_circle(tmp_path: Path, module: str, name: str) -> None:
    shown, complaints, code = _ended(PAINT.format(module=module, name=name), tmp_path)
    assert shown.startswith("Changed True An error in Ephemeral itself: LookupError: "), complaints[-2_000:]
    assert "in paint. Your job maps are still open; save them." in shown
    assert complaints.count("ERROR ephemeral_gui.main_window.window: an error in Ephemeral itself") < 5
    assert code == 70


@pytest.mark.parametrize("program", [LATE, LATE_SLOT], ids=["callback of the loop", "slot"])
def test_that_an_error_after_the_window_is_gone_is_logged_and_ends_in_code_70(tmp_path: Path, program: str) -> None:
    _, complaints, code = _ended(program, tmp_path)
    assert "ZeroDivisionError: division by zero" in complaints
    assert code == 70


@pytest.mark.parametrize("scale", ["1", "1.5", "3"])
def test_that_it_starts_at_any_scale(tmp_path: Path, scale: str) -> None:
    shown, _, code = _ended(READY, tmp_path, QT_SCALE_FACTOR=scale)
    assert shown == f"ready Simple example {float(scale)}\n"
    assert code == 0


def test_that_it_starts_where_the_system_has_no_fonts(tmp_path: Path) -> None:
    nothing = tmp_path / "fonts.conf"
    nothing.write_text('<?xml version="1.0"?><fontconfig></fontconfig>')
    shown, _, code = _ended(READY, tmp_path, FONTCONFIG_FILE=str(nothing), QT_QPA_FONTDIR=str(tmp_path / "none"))
    assert shown.startswith("ready Simple example")
    assert code == 0


def test_that_it_starts_where_neither_settings_nor_copies_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file in its place")
    (tmp_path / "state").write_text("a file in its place")
    shown, _, code = _ended(READY, tmp_path)
    assert shown.startswith("ready Simple example")
    assert code == 0


def test_that_two_starts_at_once_are_two_windows_with_a_copy_each(tmp_path: Path) -> None:
    with _started(WAIT, tmp_path) as first, _started(WAIT, tmp_path) as second:
        for process in (first, second):
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in (first, second):
            process.communicate("leave\n", timeout=60)
            assert process.returncode == 0
    copies = list((tmp_path / "state" / "ephemeral" / "recovery").glob("*.json"))
    assert [json.loads(copy.read_text("utf-8"))["title"] for copy in copies] == ["Changed", "Changed"]


async def test_that_a_hundred_thousand_changes_of_state_leave_the_window_free(gate: Any, tmp_path: Path, until: Until) -> None:
    gate.opened.set()
    window = ephemeral_gui.open_window(_fan_map(tmp_path, 50_000))
    page, runs = window.page, window.runs
    assert page is not None
    assert runs is not None
    page.use_catalog(Catalog([gate]))
    looks: list[int] = []
    runs.progressed.connect(lambda: looks.append(1))
    memory = psutil.Process().memory_info().rss
    began = time.monotonic()
    window.actions_by_id["run.start"].trigger()
    await until(lambda: runs.is_running)
    lags = await _lags_while(lambda: runs.is_running)
    seconds = time.monotonic() - began
    assert runs.last_result is not None
    assert runs.last_result.progress.tasks["wait"].succeeded == 50_000
    assert len(looks) <= seconds * 30 + 2
    assert sorted(lags)[len(lags) * 99 // 100] < 1.0
    assert psutil.Process().memory_info().rss - memory < 400 * 2**20
    assert not window.had_bug


def _fan_map(tmp_path: Path, count: int) -> Path:
    function = {"type": "function", "namespace": "gate", "consumes": "string", "produces": "string"}
    fan = {**function, "name": "fan", "method": "fan", "init_args": {"count": count}}
    wait = {**function, "name": "wait", "method": "wait", "init_args": {}}
    tasks = [{"name": "in", "type": "input"}, fan, wait, {"name": "out", "type": "output"}]
    edges = [["in", "fan"], ["fan", "wait"], ["wait", "out"]]
    datasource = {"source": "direct", "content": {"input": "x"}}
    path = tmp_path / "fan.json"
    path.write_text(json.dumps({"name": "Fan", "datasource": datasource, "tasks": tasks, "workflow": edges}), encoding="utf-8")
    return path


async def _lags_while(holds: Callable[[], bool]) -> list[float]:
    """Return how late a timer of 5 ms was each time, as a key that is pressed would be."""
    lags = [0.0]
    while holds():
        before = time.monotonic()
        await asyncio.sleep(0.005)
        lags.append(time.monotonic() - before - 0.005)
    return lags


async def test_that_a_window_that_was_left_on_a_screen_that_is_gone_comes_back_into_view() -> None:
    first = ephemeral_gui.open_window(SIMPLE)
    first.setGeometry(30_000, 20_000, 1_000, 700)
    assert first.close()
    second = ephemeral_gui.open_window(SIMPLE)
    assert second.screen().availableGeometry().intersects(second.frameGeometry())


async def test_that_settings_of_other_kinds_than_they_were_change_nothing() -> None:
    first = ephemeral_gui.open_window(SIMPLE)
    first.recent.add(SIMPLE)
    assert first.close()
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "ephemeral", "window")
    settings.sync()
    keys = settings.allKeys()
    assert "window/geometry" in keys
    for value in (QByteArray(b"nonsense"), "text", 7, [1, 2], {"a": None}, ""):
        for key in keys:
            settings.setValue(key, value)
        settings.sync()
        window = ephemeral_gui.open_window(SIMPLE)
        assert window.isVisible()
        assert not window.had_bug
        assert window.close()


async def test_that_a_change_of_scale_while_it_is_open_is_followed() -> None:
    window = ephemeral_gui.open_window(SIMPLE)
    for widget in [window, *window.findChildren(QWidget)]:
        QApplication.sendEvent(widget, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert not window.grab().isNull()
    assert not window.had_bug


def _clipboard_of(kind: str) -> QMimeData:
    mime = QMimeData()
    match kind:
        case "picture":
            mime.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
        case "HTML":
            mime.setHtml("<img src='file:///etc/passwd'>")
        case "bytes":
            mime.setData("application/x-unknown", QByteArray(b"\0\1"))
        case "text":
            mime.setText("123")
        case _:
            pass
    return mime


@pytest.fixture
def clipboard(qapp: QApplication) -> Iterator[QClipboard]:
    """The clipboard, emptied again: Qt deletes what it holds after Python has ended, which what Python made does not survive."""
    yield qapp.clipboard()
    qapp.clipboard().clear()


@pytest.mark.parametrize("kind", ["nothing", "picture", "HTML", "bytes", "text"])
async def test_that_a_clipboard_without_tasks_changes_nothing_and_is_said(clipboard: QClipboard, kind: str) -> None:
    window = ephemeral_gui.open_window(SIMPLE)
    document = window.document
    assert document is not None
    clipboard.setMimeData(_clipboard_of(kind))
    before = document.job_map
    window.actions_by_id["edit.paste"].trigger()
    assert document.job_map is before
    assert not document.undo_stack.canUndo()
    assert not window.had_bug


async def test_that_words_for_a_person_are_text_and_never_too_long(tmp_path: Path) -> None:
    folder = tmp_path / "<img src='x.png'>"
    folder.mkdir()
    path = folder / "<b>job.json"
    path.write_bytes(SIMPLE.read_bytes())
    window = ephemeral_gui.open_window(path)
    assert "<img" not in window.tabs.tabToolTip(0)
    assert "&lt;img" in window.tabs.tabToolTip(0)
    window.show_error("<img src='x.png'>" * 1_000_000)
    assert len(window.error_banner.text) <= 10_000
    assert not window.grab().isNull()


async def test_that_an_error_in_a_coroutine_after_its_tab_is_gone_is_shown(until: Until) -> None:
    window = ephemeral_gui.open_window(SIMPLE)
    _edit(window)

    async def fail() -> None:
        window.pages.remove(window.tabs.pages()[0])
        await asyncio.sleep(0)
        raise LookupError("too late")

    window.background.start(fail())
    await until(window.error_banner.isVisible)
    assert "LookupError: too late" in window.error_banner.text
    assert window.isVisible()
    assert app.open_windows() == (window,)


def _edit(window: MainWindow) -> None:
    assert window.document is not None
    window.document.change("Rename", describe(window.document.job_map, name="Changed", description=None))
