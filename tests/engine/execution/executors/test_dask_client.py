from __future__ import annotations

import asyncio
import operator
import os
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from engine.errors import ExecutorLostError, OutputError
from engine.execution.executors import dask_client
from engine.execution.executors.dask_client import ADDRESS_VARIABLE, open_dask_client, scheduler_address
from engine.execution.executors.local_cluster import LocalCluster
from tests.child_processes import asked, children, children_with

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.execution import Job
    from engine.execution.executors.cluster_place import Place

NOWHERE = "tcp://127.0.0.1:9"  # the discard port, where nothing listens


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that nothing else writes to."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def _names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def _files_with(words: bytes, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and words in path.read_bytes()]


def _cluster() -> list[psutil.Process]:
    return children_with("cluster_process")


def _workers() -> list[psutil.Process]:
    return children_with("spawn_main", recursive=True)


def _wait_for_ever() -> None:
    threading.Event().wait()


async def _until(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110  what is waited for belongs to another process
        await asyncio.sleep(0.005)


def _addresses_listened_on(*family: psutil.Process) -> list[str]:
    links = asked(family, lambda process: process.net_connections("inet"))
    return [link.laddr.ip for _, all_of_it in links for link in all_of_it if link.status == psutil.CONN_LISTEN]


async def test_that_an_embedded_cluster_computes_in_other_processes_and_leaves_nothing(scratch: Path) -> None:
    async with open_dask_client(workers=1) as client:
        assert await client.submit(operator.add, 2, 3) == 5
        worker = await client.submit(os.getpid, pure=False)
        assert worker in [each.pid for each in _workers()]
        assert len(_cluster()) == 1
        assert _names_in(scratch)
    assert children(recursive=True) == []
    assert not psutil.pid_exists(worker)
    assert _names_in(scratch) == []


async def test_that_an_embedded_cluster_speaks_tls_and_listens_on_loopback_without_http(scratch: Path) -> None:
    async with open_dask_client(workers=1) as client:
        assert client.scheduler.address.startswith("tls://127.0.0.1:")
        assert client.scheduler_info()["services"] == {}
        assert _addresses_listened_on(psutil.Process()) == []
        family = children(recursive=True)
        assert _addresses_listened_on(*family) == ["127.0.0.1"] * 3  # the scheduler, the nanny and the worker, no dashboard


async def test_that_nobody_else_can_read_the_credentials(scratch: Path) -> None:
    async with open_dask_client(workers=1):
        said = asked(children(recursive=True), lambda process: [*process.cmdline(), *process.environ().values()])
        assert len(said) >= 2  # the cluster and its worker
        assert not [process for process, words in said if "PRIVATE KEY" in " ".join(words)]
        assert _files_with(b"PRIVATE KEY", scratch) == []
        (folder,) = _names_in(scratch)
        assert os.stat(scratch / folder).st_mode & 0o077 == 0  # noqa: PTH116  pathlib would be asked for on the loop


async def test_that_the_client_is_nobodys_default(scratch: Path) -> None:
    import distributed  # noqa: PLC0415  costs more than a second, and only here

    async with open_dask_client(workers=1):
        with pytest.raises(ValueError, match="No clients found"):
            distributed.default_client()  # type: ignore[no-untyped-call]  # distributed is typed in part


async def test_that_workers_import_what_the_user_can_import(
    scratch: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("own")
    (folder / "own_module_of_the_user.py").write_text("def answer():\n    return 42\n")
    monkeypatch.syspath_prepend(folder)
    from own_module_of_the_user import answer  # type: ignore[import-not-found]  # noqa: PLC0415  written above

    async with open_dask_client(workers=1) as client:
        assert await client.submit(answer) == 42


async def test_that_no_file_of_the_current_folder_is_taken_for_a_module_of_the_cluster(
    scratch: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("current")
    for name in ("tornado", "json", "distributed"):
        (folder / f"{name}.py").write_text("raise SystemExit(f'{__name__} was hidden')")
    monkeypatch.chdir(folder)
    async with open_dask_client(workers=1) as client:
        assert await client.submit(os.getcwd) == str(folder)


async def test_that_what_workers_print_stays_off_standard_output(scratch: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with open_dask_client(workers=1) as client:
        await client.submit(print, "said by a worker")
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == "said by a worker\n"


async def test_that_an_embedded_cluster_is_closed_at_once_though_a_task_still_runs(scratch: Path) -> None:
    async with open_dask_client(workers=1) as client:
        never = client.submit(_wait_for_ever)
        while not any((await client.processing()).values()):
            assert never.status == "pending"
        before = time.monotonic()
    assert time.monotonic() - before < 15
    assert _workers() == []


@pytest.mark.parametrize("moment", ["before the cluster is there", "while the worker process starts"])
async def test_that_a_cancel_while_the_cluster_starts_leaves_nothing(scratch: Path, moment: str) -> None:
    async def use() -> None:
        async with open_dask_client(workers=1):
            pytest.fail("the cluster was up before the cancel")

    async with asyncio.TaskGroup() as group:
        using = group.create_task(use())
        await _until(lambda: _cluster() if moment.startswith("before") else _workers())
        using.cancel()
    assert children(recursive=True) == []
    assert _names_in(scratch) == []


async def test_that_bodies_everywhere_have_a_client_of_the_embedded_cluster(faults: Callable[..., Job]) -> None:
    names = ("loop", "thread", "process", "dask")
    tasks = {name: {"method": "asks", "runs": name} for name in names}
    result = await faults(" ".join(f"in>{name}>out" for name in names), tasks).run()
    assert [failure.describe() for failure in result.failures] == []
    payloads = result.outputs[0]["data"]
    assert len(payloads) == 4
    assert len({payload["at"] for payload in payloads}) == 1


async def test_that_a_given_address_is_used_and_its_scheduler_left_running(scratch: Path) -> None:
    from engine.execution.executors.cluster_nodes import LocalScheduler  # noqa: PLC0415  distributed costs more than a second

    async with LocalScheduler(host="127.0.0.1", port=0, dashboard=False) as scheduler:
        async with open_dask_client(scheduler.address) as client:
            assert client.scheduler.address == scheduler.address
        assert scheduler.status.name == "running"
    sys.path[:] = [entry for entry in sys.path if not entry.startswith(str(scratch))]  # a scheduler puts its folder there


@pytest.mark.parametrize("address", [NOWHERE, "nonsense://here", "no address"])
async def test_that_an_address_where_no_scheduler_answers_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_client, "CONNECT_SECONDS", 0.2)
    with pytest.raises(ExecutorLostError) as caught:
        async with open_dask_client(address):
            pytest.fail("there is no scheduler")
    assert str(caught.value).startswith(f"no dask scheduler answers at {address}")


@pytest.mark.long  # it starts two clusters
async def test_that_a_cluster_of_the_runs_own_may_take_longer_to_answer_but_is_not_waited_for_when_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dask_client, "CONNECT_SECONDS", 0.0)  # as it looks on a machine that is busy with other things
    async with open_dask_client(workers=1) as client:
        assert client.status == "running"
    place = LocalCluster.place

    async def place_of_one_that_ends(cluster: LocalCluster) -> Place:
        found = await place(cluster)
        cluster._kill()  # as the system does that is short of memory
        return found

    monkeypatch.setattr(LocalCluster, "place", place_of_one_that_ends)
    with pytest.raises(ExecutorLostError, match="its process ended"):
        async with open_dask_client(workers=1):
            pytest.fail("there is no scheduler")


async def test_that_a_missing_folder_for_temporary_files_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(OutputError, match="gone"):
        async with open_dask_client(workers=1):
            pytest.fail("there is no place for its files")
    assert children() == []


def test_that_the_given_address_goes_before_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    assert scheduler_address(None) is None
    monkeypatch.setenv(ADDRESS_VARIABLE, "tcp://of-the-environment:8786")
    assert scheduler_address(None) == "tcp://of-the-environment:8786"
    assert scheduler_address("tcp://given:8786") == "tcp://given:8786"
