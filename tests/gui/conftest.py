"""What the window's tests share: the project's own event loop under ``async def`` tests, an offscreen platform, settings of their own."""

from __future__ import annotations

import asyncio
import inspect
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings

from engine.model.definition import Argument, Definition
from ephemeral_gui import app
from ephemeral_gui.qt_loop import EventLoop

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping

    from PySide6.QtWidgets import QApplication

TURNS_TO_SETTLE = 20


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The one application, in the project's own dress."""
    return app.make_application()


@pytest.fixture
def qt_runner(qapp: QApplication) -> Iterator[asyncio.Runner]:
    """Runs coroutines on the project's event loop."""
    with asyncio.Runner(loop_factory=lambda: EventLoop(qapp)) as runner:
        yield runner


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run ``async def`` tests of this folder on the project's event loop."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    runner: asyncio.Runner = pyfuncitem._request.getfixturevalue("qt_runner")
    runner.get_loop().set_debug(bool(pyfuncitem.get_closest_marker("loop_debug")))
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    runner.run(_without_leaks(pyfuncitem.obj(**arguments)))
    return True


async def _without_leaks(test: Coroutine[object, object, None]) -> None:
    """Run the test, close the windows that it opened, and fail where coroutines are left or the loop had to handle an exception itself."""
    unhandled: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    try:
        await test
    finally:
        await _close_windows()
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert not left, f"the test left asyncio tasks behind: {left}"
    assert not unhandled, f"nobody caught: {unhandled}"


async def _close_windows() -> None:
    for window in app.open_windows():
        await window.leaving.stop_everything()
        window.leaving.may_close = True
        window.close()
    for _ in range(TURNS_TO_SETTLE):
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remember sizes, recent files and trusted folders only for this test."""
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the view be where it is asked to be at once; a test of motion takes this away."""
    monkeypatch.setenv("EPHEMERAL_REDUCED_MOTION", "1")


@pytest.fixture(autouse=True)
def _no_window_left(qapp: QApplication) -> Iterator[None]:
    """Fail the test that leaves a window on the screen."""
    before = {id(widget) for widget in qapp.topLevelWidgets()}
    yield
    for window in app.open_windows():
        window.leaving.may_close = True
        window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in qapp.topLevelWidgets() if id(widget) not in before and widget.isVisible()]
    assert not left, f"the test left windows open: {left}"


class Gate:
    """A source of methods: ``gate.wait`` waits until the test lets it pass, ``gate.fan`` opens branches."""

    title = "the gate of a test"
    definitions_folder = Path("nowhere")
    problems = ()
    top_namespaces = ("gate",)

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.arrived = 0
        self.is_stubborn = False
        wait = Definition("gate", "wait", "", ("string",), ("string",))
        count = Argument("count", "integer", required=True)
        self.definitions = {("gate", "wait"): wait, ("gate", "fan"): replace(wait, name="fan", init_args=(count,), fans_out=True)}

    def definition(self, namespace: str, method: str) -> Definition | None:
        return self.definitions.get((namespace, method))

    def load_body(self, namespace: str, method: str, init_args: Mapping[str, Any]) -> Any:
        del namespace  # there is but one

        async def fan(payload: dict[str, Any]) -> list[dict[str, Any]]:
            return [{"number": number} for number in range(init_args["count"])]

        return fan if method == "fan" else self._wait

    async def _wait(self, payload: dict[str, Any]) -> dict[str, Any]:
        self.arrived += 1
        while not self.opened.is_set():
            try:
                await self.opened.wait()
            except asyncio.CancelledError:
                if not self.is_stubborn:
                    raise
        return payload


@pytest.fixture
def gate(qapp: QApplication) -> Gate:
    """A source of methods that the test holds in its hand."""
    return Gate()


@pytest.fixture
def until() -> Callable[[Callable[[], object]], Awaitable[None]]:
    """Wait, in an ``async def`` test, until something holds; the test's time limit is the limit."""

    async def wait(holds: Callable[[], object], seconds: float = 20) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not holds():  # noqa: ASYNC110  what holds is no event: a state of widgets
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise TimeoutError(f"after {seconds} s it does not hold: {_words_of(holds)}") from None

    return wait


def _words_of(condition: Callable[[], object]) -> str:
    try:
        return " ".join(inspect.getsource(condition).split())
    except (OSError, TypeError):
        return repr(condition)
