from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import engine
from engine.errors import JobMapError
from engine.files.job_maps import read_job_map
from engine.files.strict_json import read_json_bytes

if TYPE_CHECKING:
    from engine.model.job_map import JobMap

JOBS = Path(engine.__file__).parent.parent / "resources" / "jobs"
REAL = (JOBS / "multi-layer-vector" / "job.json").read_bytes()


def _read(data: bytes) -> JobMap | None:
    """Return the job map, None where the bytes are refused with a problem that has a place."""
    job_map, problems = read_job_map(read_json_bytes(data))
    assert job_map is not None or problems
    for problem in problems:
        assert problem.line is not None
        assert problem.message
    return None if problems else job_map


def test_that_a_file_cut_at_any_byte_is_refused_or_read() -> None:
    read = [cut for cut in range(len(REAL)) if _read(REAL[:cut]) is not None]
    assert all(REAL[cut:].strip() == b"" for cut in read)


def _flipped(chance: random.Random, flips: int) -> bytes:
    data = bytearray(REAL)
    for _ in range(flips):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


@pytest.mark.parametrize("flips", [1, 16])
def test_that_flipped_bits_are_refused_or_read(flips: int) -> None:
    chance = random.Random(flips)  # noqa: S311  faults, no secrets
    outcomes = {_read(_flipped(chance, flips)) is None for _ in range(5_000)}
    assert True in outcomes, "no fault was hit"


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(20))
def test_that_a_million_flipped_files_are_refused_or_read(part: int) -> None:
    chance = random.Random(f"part {part}")  # noqa: S311  faults, no secrets
    for _ in range(50_000):
        _read(_flipped(chance, chance.choice((1, 16))))


def test_that_refusals_are_job_map_errors(tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    path.write_bytes(REAL[:-10])
    with pytest.raises(JobMapError):
        engine.load_job_map(path)
