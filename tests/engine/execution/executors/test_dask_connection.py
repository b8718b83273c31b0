"""A connection to the scheduler that is cut, silent or slow; a scheduler that stands still for a while."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

import pytest

from engine.cli.exit_codes import ExitCode
from engine.cli.run_report import exit_code_of
from engine.execution.events import InvocationSucceeded, TaskReported
from engine.execution.executors import dask_watch
from tests.child_processes import children_with
from tests.engine.execution.executors.signs import is_of_body, speaks

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine
    from pathlib import Path

    import psutil

    from engine.execution import Job, Run, RunResult

    Faults = Callable[..., Job]
    Heard = Callable[..., Coroutine[Any, Any, Run]]

pytestmark = pytest.mark.timeout(300)  # limits for a hang, not for speed: machines may be busy

ON_DASK = {"runs": "dask"}
NOTICED_SECONDS = 10
LOST = "engine.errors.ExecutorLostError"


def reached(result: RunResult, name: str = "out") -> list[dict[str, Any]]:
    return next(output["data"] for output in result.outputs if output["name"] == name)


class Cable:
    """What lies between a client and its scheduler.

    Attributes:
        address: where the client's end is.
        passed_on: bytes in both directions.
    """

    def __init__(self, address: str) -> None:
        self._host, _, self._port = address.removeprefix("tcp://").rpartition(":")
        self._ends: list[asyncio.StreamWriter] = []
        self._carries = asyncio.Event()
        self._carries.set()
        self._bytes_a_second = 0
        self._is_closed = False
        self.address = ""
        self.passed_on = 0

    def cut(self) -> None:
        """Close every connection, and take no new one."""
        self._carries.clear()
        for end in self._ends:
            end.transport.abort()

    def go_silent(self) -> None:
        """Carry nothing any more, and say so to nobody."""
        self._carries.clear()

    async def close(self) -> None:
        """Close every connection, and wait until it is closed: also one that nothing was carried through yet."""
        self._is_closed = True
        self._carries.set()
        for end in self._ends:
            end.transport.abort()
            with contextlib.suppress(OSError):
                await end.wait_closed()

    def slow_down(self, bytes_a_second: int) -> None:
        """Carry no more than this."""
        self._bytes_a_second = bytes_a_second

    async def connect(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Carry what comes through one connection."""
        self._ends.append(back)
        await self._carries.wait()
        if self._is_closed:
            return
        there, on = await asyncio.open_connection(self._host, int(self._port))
        self._ends.append(on)
        with contextlib.suppress(OSError):
            async with asyncio.TaskGroup() as directions:
                directions.create_task(self._carry(here, on))
                directions.create_task(self._carry(there, back))

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(self._bytes_a_second // 10 or 2**16):
                await self._carries.wait()
                target.write(data)
                self.passed_on += len(data)
                if self._bytes_a_second:
                    await asyncio.sleep(len(data) / self._bytes_a_second)
        target.close()


@contextlib.asynccontextmanager
async def cable_to(address: str) -> AsyncGenerator[Cable]:
    """Give a cable to a scheduler."""
    cable = Cable(address)
    before = asyncio.all_tasks()
    server = await asyncio.start_server(cable.connect, "127.0.0.1", 0)
    cable.address = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield cable
    finally:
        server.close()
        await _ends(before, "_accept_connection")  # what has only just come is a connection as well
        await asyncio.sleep(0)
        await cable.close()
        await _ends(before, "Cable")


async def _ends(before: set[asyncio.Task[Any]], name: str) -> None:
    """Wait for the ends of tasks that are new and whose coroutine has a name."""
    tasks = [task for task in asyncio.all_tasks() - before if name in repr(task.get_coro())]
    if tasks:
        await asyncio.wait(tasks)


@pytest.mark.parametrize("fault", ["cut", pytest.param("go_silent", marks=pytest.mark.long)])
async def test_that_a_lost_connection_is_noticed_and_what_was_finished_is_kept(
    faults: Faults, heard: Heard, dask_address: str, tmp_path: Path, fault: str
) -> None:
    job = faults("in>fan>echo>out in>stays>out2", {"fan": {"count": 5}, "echo": ON_DASK, "stays": ON_DASK})
    async with cable_to(dask_address) as cable:
        run = await heard(
            job, lambda event: isinstance(event, InvocationSucceeded) or speaks(event), count=8, dask=cable.address, output=tmp_path
        )
        lost: list[float] = []
        connection = await run.resources.get("dask client", lambda: pytest.fail("it is open"))
        connection.on_lost.append(lambda _: lost.append(time.monotonic()))
        began = time.monotonic()
        getattr(cable, fault)()
        result = await run
    (tmp_path / "released").touch()  # its worker serves other tests
    assert lost[0] - began < NOTICED_SECONDS
    assert [(failure.task, failure.error_type) for failure in result.failures] == [("stays", LOST)]
    assert exit_code_of(result) is ExitCode.EXECUTOR_LOST
    assert [payload["i"] for payload in reached(result)] == [0, 1, 2, 3, 4]


@pytest.mark.long
async def test_that_a_slow_connection_gives_every_result_once_or_is_noticed(faults: Faults, heard: Heard, dask_address: str) -> None:
    job = faults("in>fan>echo>out", {"fan": {"count": 12}, "echo": ON_DASK})
    async with cable_to(dask_address) as cable:
        run = await heard(job, lambda event: isinstance(event, InvocationSucceeded) and event.task == "echo", dask=cable.address)
        cable.slow_down(1000)
        before = cable.passed_on
        result = await run
        assert cable.passed_on > before
    came = [payload["i"] for payload in reached(result)]
    assert came == sorted(set(came))
    if result.ok:
        assert len(came) == 12
    else:
        assert {failure.error_type for failure in result.failures} == {LOST}


def cluster() -> psutil.Process:
    """Return the process of the embedded cluster."""
    (process,) = children_with("cluster_process")
    return process


@pytest.mark.long
async def test_that_a_run_goes_on_after_its_own_scheduler_stood_still(
    faults: Faults, heard: Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, and held against nobody: the process is there, somebody has suspended it."""
    monkeypatch.setattr(dask_watch, "ANSWER_LOOKS", 2)  # what would be the end of a scheduler elsewhere
    said: list[str] = []
    stood = asyncio.Event()

    def note(event: Any) -> None:
        if isinstance(event, TaskReported):
            said.extend([event.text] if is_of_body(event.text) else [])
            if event.text == "the dask scheduler has not answered for 3 s":
                stood.set()

    run = await heard(faults("in>stays>out", {"stays": ON_DASK}), speaks, output=tmp_path, subscribers=[note])
    holder = cluster()
    holder.suspend()
    await stood.wait()
    holder.resume()
    (tmp_path / "released").touch()
    result = await run
    assert [failure.describe() for failure in result.failures] == []
    assert [str(payload["pid"]) for payload in reached(result)] == said[:1]
