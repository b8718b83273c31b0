"""Files of data that lead to other files, or that spoil their reader, are refused before anything of them is read."""

from __future__ import annotations

import asyncio
import os
import random
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import iris_sample_data
import netCDF4
import numpy as np
import pytest

from task_namespaces.main.xarray import file_inspection, outside_data
from task_namespaces.main.xarray.library import open_chunked
from task_namespaces.main.xarray.outside_data import Inspector, open_inspector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRET = b"secret!!" * 8
LENGTH = 8
ARROW = "\N{RIGHTWARDS ARROW}"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_bytes(SECRET)
    return path


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    made = Inspector()
    yield made
    made.close()


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "other.h5"
    with h5py.File(path, "w") as file:
        file["v"] = np.frombuffer(SECRET, "u1")
    return path


def _made(path: Path, add: Callable[[Any], object], **options: Any) -> Path:
    """Make a sound NetCDF file with one dimension and add something to it."""
    with h5py.File(path, "w", **options) as file:
        file.create_dataset("time", data=np.arange(LENGTH)).make_scale("time")
        add(file)
    return path


def _external(file: Any, name: str, source: Path) -> None:
    found = file.create_dataset(name, shape=(LENGTH,), dtype="u1", external=[(str(source), 0, LENGTH)])
    found.dims[0].attach_scale(file["time"])


def _virtual(file: Any, source: str, name: str = "v") -> None:
    layout = h5py.VirtualLayout((LENGTH,), dtype="u1")
    layout[:] = h5py.VirtualSource(source, name, shape=(LENGTH,))
    file.create_virtual_dataset("virtual", layout).dims[0].attach_scale(file["time"])


def test_that_external_storage_is_what_netcdf_reads_without_a_word(tmp_path: Path, secret: Path) -> None:
    path = _made(tmp_path / "a.nc", lambda file: _external(file, "v", secret))
    with netCDF4.Dataset(path) as dataset:
        assert bytes(dataset["v"][:]) == SECRET[:LENGTH]  # the danger: it is no longer one once this fails


def test_that_external_storage_is_refused_with_dataset_and_file(tmp_path: Path, secret: Path, inspector: Inspector) -> None:
    path = _made(tmp_path / "a.nc", lambda file: _external(file, "v", secret))
    with pytest.raises(ValueError, match="cannot be read as NetCDF") as refused:
        open_chunked(path, "time", 4, inspector)
    assert f'{path}: cannot be read as NetCDF: dataset "v": external storage {ARROW} {secret}.' in str(refused.value)
    assert "Copy what it needs into one file" in str(refused.value)


def test_that_external_storage_deep_inside_is_found(tmp_path: Path, secret: Path, inspector: Inspector) -> None:
    def add(file: Any) -> None:
        file.create_group("a/b")["time"] = file["time"]
        file["a/b"].create_dataset("v", shape=(LENGTH,), dtype="u1", external=[(str(secret), 0, LENGTH)])

    with pytest.raises(ValueError, match=f'dataset "a/b/v": external storage {ARROW}'):
        inspector.refuse_outside_data(_made(tmp_path / "a.nc", add))


def test_that_a_file_behind_a_block_of_something_else_is_looked_at_too(tmp_path: Path, secret: Path, inspector: Inspector) -> None:
    path = _made(tmp_path / "a.nc", lambda file: _external(file, "v", secret), userblock_size=512)
    path.write_bytes(b"CDF\x05" + path.read_bytes()[4:])
    with pytest.raises(ValueError, match="cannot be read as NetCDF"):
        inspector.refuse_outside_data(path)


def test_that_a_link_to_another_file_is_refused(tmp_path: Path, other: Path, inspector: Inspector) -> None:
    def add(file: Any) -> None:
        file["a/link"] = h5py.ExternalLink(str(other), "/v")

    with pytest.raises(ValueError, match=f'link "a/link": another file {ARROW} {other}'):
        inspector.refuse_outside_data(_made(tmp_path / "a.nc", add))


def test_that_a_soft_link_through_a_link_to_another_file_is_refused(tmp_path: Path, other: Path, inspector: Inspector) -> None:
    def add(file: Any) -> None:
        file["there"] = h5py.ExternalLink(str(other), "/")
        file["v"] = h5py.SoftLink("/there/v")

    with pytest.raises(ValueError, match='link "there": another file'):
        inspector.refuse_outside_data(_made(tmp_path / "a.nc", add))


def test_that_virtual_data_of_another_file_is_refused(tmp_path: Path, other: Path, inspector: Inspector) -> None:
    with pytest.raises(ValueError, match=f'dataset "virtual": virtual {ARROW} {other}'):
        inspector.refuse_outside_data(_made(tmp_path / "a.nc", lambda file: _virtual(file, str(other))))


def test_that_nothing_of_the_other_file_is_needed_to_refuse(tmp_path: Path, inspector: Inspector) -> None:
    with pytest.raises(ValueError, match="virtual"):
        inspector.refuse_outside_data(_made(tmp_path / "a.nc", lambda file: _virtual(file, "/not/there.h5")))


def test_that_what_stays_in_one_file_is_read(tmp_path: Path, inspector: Inspector) -> None:
    def add(file: Any) -> None:
        file.create_dataset("v", data=np.arange(LENGTH, dtype="u1")).dims[0].attach_scale(file["time"])
        file["soft"] = h5py.SoftLink("/v")
        file["again"] = file["v"]
        _virtual(file, ".")

    with open_chunked(_made(tmp_path / "a.nc", add), "time", 4, inspector) as dataset:
        assert dataset["v"].compute(scheduler="synchronous").values.tolist() == list(range(LENGTH))


@pytest.mark.parametrize("name", ["ostia_monthly.nc", "A1B_north_america.nc", "SOI_Darwin.nc"])
def test_that_real_files_are_read(name: str, inspector: Inspector) -> None:
    inspector.refuse_outside_data(Path(iris_sample_data.path) / name)


def test_that_a_classic_file_is_read(tmp_path: Path, inspector: Inspector) -> None:
    path = tmp_path / "classic.nc"
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as dataset:
        dataset.createDimension("time", LENGTH)
        dataset.createVariable("time", "i4", ("time",))[:] = np.arange(LENGTH)
    with open_chunked(path, "time", 4, inspector) as found:
        assert found.sizes == {"time": LENGTH}


def test_that_a_coordinate_that_no_file_holds_is_refused(tmp_path: Path, inspector: Inspector) -> None:
    def add(file: Any) -> None:
        file.create_dataset("big", shape=(2**60,), dtype="u1", chunks=(1024,)).make_scale("big")

    with pytest.raises(ValueError, match=r'dataset "big": 1,152,921,504,606,846,976 bytes are said to be in a file of \d'):
        inspector.refuse_outside_data(_made(tmp_path / "a.nc", add))


@pytest.mark.parametrize("data", [b"", b"no data", b"\x89HDF\r\n\x1a\n" + b"\0" * 600, b"CDF\x01" + b"\xff" * 600])
def test_that_what_is_no_netcdf_is_named(tmp_path: Path, data: bytes, inspector: Inspector) -> None:
    path = tmp_path / "a.nc"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=f"{path}: cannot be read as NetCDF: "):
        open_chunked(path, "time", 4, inspector)


def test_that_a_library_that_is_ended_by_a_file_ends_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inspector: Inspector
) -> None:
    script = tmp_path / "crashes.py"
    script.write_text("import os; os.abort()")
    monkeypatch.setattr(file_inspection, "__file__", str(script))
    path = _made(tmp_path / "a.nc", lambda _: None)
    with pytest.raises(ValueError, match=r"its reader was ended by it \(exit code -6\)"):
        inspector.refuse_outside_data(path)


def test_that_one_process_looks_at_many_files_and_another_one_where_a_file_ended_it(
    tmp_path: Path, inspector: Inspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound, other = (_made(tmp_path / name, lambda _: None) for name in ("a.nc", "b.nc"))
    inspector.refuse_outside_data(sound)
    first = inspector._process
    assert first is not None
    inspector.refuse_outside_data(other)
    assert inspector._process is first
    first.kill()
    spoiled = _made(tmp_path / "c.nc", lambda _: None)
    with pytest.raises(ValueError, match=r"c.nc: .*ended by it \(exit code -9\)"):
        inspector.refuse_outside_data(spoiled)
    inspector.refuse_outside_data(_made(tmp_path / "d.nc", lambda _: None))
    monkeypatch.setattr(outside_data, "SECONDS", 0)
    with pytest.raises(ValueError, match="took more than 0 seconds"):
        inspector.refuse_outside_data(_made(tmp_path / "e.nc", lambda _: None))


def test_that_closing_ends_a_look_that_is_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tmp_path / "asked"
    os.mkfifo(asked)
    script = tmp_path / "waits.py"
    script.write_text(f"import sys, time; sys.stdin.readline(); open({str(asked)!r}, 'w').close(); time.sleep(300)")
    monkeypatch.setattr(file_inspection, "__file__", str(script))
    path = _made(tmp_path / "a.nc", lambda _: None)

    async def look() -> Future[Any]:
        async with open_inspector() as inspector:
            under_way = pool.submit(inspector.refuse_outside_data, path)
            await asyncio.to_thread(asked.read_bytes)  # until the process was asked
        return under_way

    with ThreadPoolExecutor() as pool, pytest.raises(ValueError, match="ended by it"):
        asyncio.run(look()).result(timeout=60)


def test_that_a_file_that_was_replaced_is_looked_at_again(tmp_path: Path, secret: Path, inspector: Inspector) -> None:
    path = _made(tmp_path / "a.nc", lambda _: None)
    inspector.refuse_outside_data(path)
    _made(path, lambda file: _external(file, "v", secret))
    with pytest.raises(ValueError, match="external storage"):
        inspector.refuse_outside_data(path)


def _mutated(folder: Path, count: int, seed: int) -> list[Path]:
    """Return copies of a small file of everything, each with some bytes otherwise or cut off."""

    def add(file: Any) -> None:
        file.create_dataset("v", data=np.arange(64.0), chunks=(8,), compression="gzip").attrs["units"] = "K"
        file.create_group("a/b").attrs["text"] = "x" * 100
        file["a/text"] = ["one", "two"]

    sound = _made(folder / "sound.nc", add).read_bytes()
    hands = random.Random(seed)  # noqa: S311  the same files each time
    paths = []
    for number in range(count):
        data = bytearray(sound)
        for _ in range(hands.choice([1, 4, 16])):
            data[hands.randrange(len(data))] = hands.randrange(256)
        paths.append(folder / f"{number}.nc")
        paths[-1].write_bytes(data[: hands.randrange(len(data))] if hands.random() < 0.2 else data)
    return paths


def _answer(inspector: Inspector, path: Path) -> str | None:
    try:
        inspector.refuse_outside_data(path)
    except ValueError as refusal:
        return f"{refusal}"
    return None


@pytest.mark.timeout(600)
def test_that_two_hundred_spoiled_files_end_in_an_answer_each(tmp_path: Path, inspector: Inspector) -> None:
    answers = [_answer(inspector, path) for path in _mutated(tmp_path, 200, 1)]
    assert 20 < answers.count(None) < 180


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("seed", range(2, 12))
def test_that_a_thousand_spoiled_files_end_in_an_answer_each(tmp_path: Path, inspector: Inspector, seed: int) -> None:
    assert len([_answer(inspector, path) for path in _mutated(tmp_path, 1_000, seed)]) == 1_000
