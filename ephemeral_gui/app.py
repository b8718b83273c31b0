"""The desktop application: its set-up, its life on the event loop, and its exit code."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from PySide6.QtCore import QCoreApplication, QSettings, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from ephemeral_gui.display import why_no_window
from ephemeral_gui.main_window.collector_rest import CollectorRest
from ephemeral_gui.qt_loop import EventLoop
from ephemeral_gui.widgets.stylesheet import dress
from ephemeral_gui.widgets.theme import Look

if TYPE_CHECKING:
    from types import TracebackType

    from ephemeral_gui.main_window.window import MainWindow

EXIT_DONE = 0
EXIT_USAGE = 2
EXIT_BUG = 70
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143

SECONDS_TO_END: Final = 0.5
"""What a closed window waits for whatever is left, before it leaves without it."""

_windows: set[MainWindow] = set()
"""The open windows: nobody else need keep them."""

_closed: list[MainWindow] = []
"""Closed windows, which may be asked for what they last held until another one is opened."""


def run_gui(path: Path | str | None = None, *, workspace: Path | str | None = None, trust: bool = False) -> int:
    """Show the builder and return its exit code once it is closed.

    0; 2 where no window can be shown here; 70 where an error of ours was shown; 130 and 143 where a signal ended it.
    """
    reason = why_no_window()
    if reason is not None:
        sys.stderr.write(f"ephemeral: {reason}\n")
        return EXIT_USAGE
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )  # bugs of ours reach the terminal too, with their tracebacks
    application = make_application()
    with asyncio.Runner(loop_factory=lambda: EventLoop(application)) as runner:
        session = _Session(path, workspace, trust=trust)
        runner.run(session.run())
        has_ended = runner.run(_everything_ended())
        if not has_ended:
            _leave_at_once(session.code)
        return session.code


def make_application() -> QApplication:
    """Return the application, made and dressed where there is none yet."""
    existing = QCoreApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(["ephemeral"])
    if not application.findChildren(Look):
        QCoreApplication.setApplicationName("ephemeral")
        application.setApplicationDisplayName("Ephemeral")
        application.setDesktopFileName("ephemeral")
        application.setQuitOnLastWindowClosed(False)  # else the last dialog that closes ends the loop in the middle of a run
        dress(application, Look(application))
        for name in ("engine", "ephemeral", "ephemeral_gui"):
            logging.getLogger(name).setLevel(logging.INFO)  # what the log panel offers; a terminal shows warnings
    return application


def show_window(path: Path | str | None = None, *, workspace: Path | str | None = None, trust: bool = False) -> MainWindow:
    """Show a main window on the running application and return it."""
    from ephemeral_gui.main_window.window import MainWindow  # noqa: PLC0415  once there is an application, whose looks it needs

    application = make_application()
    look = application.findChild(Look)
    folder = None if workspace is None else Path(workspace).absolute()
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "ephemeral", "window")
    _delete_closed_windows()
    window = MainWindow(look, settings, workspace=folder, trust=trust)
    _windows.add(window)
    window.closed.connect(lambda: _put_away(window))
    window.show()
    QTimer.singleShot(0, window, window.safekeeping.offer)
    if path is None:
        QTimer.singleShot(0, window, window.start_empty)
    else:
        window.open_job_map(path)
    return window


def _put_away(window: MainWindow) -> None:
    if window in _windows:
        _windows.discard(window)
        _closed.append(window)


def _delete_closed_windows() -> None:
    while _closed:
        window = _closed.pop()
        if isValid(window):  # type: ignore[no-untyped-call]  # shiboken says nothing of types
            window.deleteLater()


def open_windows() -> tuple[MainWindow, ...]:
    """Return the windows that are not closed yet."""
    return tuple(_windows)


async def _everything_ended() -> bool:
    """Return whether nothing is left that would hold the process: bodies that swallow their cancellation, threads that never come back."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others and (await asyncio.wait(others, timeout=SECONDS_TO_END))[1]:
        return False
    try:
        async with asyncio.timeout(SECONDS_TO_END):
            await asyncio.get_running_loop().shutdown_default_executor()
    except TimeoutError:
        return False
    return True


def _leave_at_once(code: int) -> NoReturn:
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


class _Session:
    """One life of the application, from the first window to the exit code."""

    def __init__(self, path: Path | str | None, workspace: Path | str | None, *, trust: bool) -> None:
        self._path = path
        self._workspace = workspace
        self._trust = trust
        self._code = EXIT_DONE
        self._window: MainWindow | None = None

    @property
    def code(self) -> int:
        """The exit code by now; what fails after the window is gone still makes it that of a bug."""
        return EXIT_BUG if self._window is not None and self._window.had_bug else self._code

    async def run(self) -> None:
        """Show a window and return once it is closed."""
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()
        window = self._window = show_window(self._path, workspace=self._workspace, trust=self._trust)
        window.closed.connect(lambda: None if ended.done() else ended.set_result(None))
        self._report_to(window, loop)
        self._obey_signals(window, loop)
        CollectorRest(window.tabs)
        await ended

    def _report_to(self, window: MainWindow, loop: asyncio.AbstractEventLoop) -> None:
        """Bring every exception that nobody caught before the user: of Qt slots, and of callbacks and tasks of the loop."""

        def of_slot(_kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            window.report(error.with_traceback(trace))

        def of_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            window.report(context.get("exception") or RuntimeError(context["message"]))

        sys.excepthook = of_slot
        loop.set_exception_handler(of_loop)

    def _obey_signals(self, window: MainWindow, loop: asyncio.AbstractEventLoop) -> None:
        """Ctrl-C once closes the window as its cross does, twice at once; a termination stops the runs and leaves."""
        for number, code in ((signal.SIGINT, EXIT_INTERRUPTED), (signal.SIGTERM, EXIT_TERMINATED)):
            if os.name == "posix":
                loop.add_signal_handler(number, self._leave, window, code)

    def _leave(self, window: MainWindow, code: int) -> None:
        at_once = code == EXIT_TERMINATED or self._code != EXIT_DONE
        self._code = code
        if at_once:
            window.background.start(self._stop_and_close(window))
        else:
            window.close()

    async def _stop_and_close(self, window: MainWindow) -> None:
        await window.leaving.stop_everything()
        window.leaving.may_close = True
        window.close()
