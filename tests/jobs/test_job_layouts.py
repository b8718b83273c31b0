"""Every example job lies tidily on the canvas: it is the first thing that a person sees of it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import engine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.model.job_map import Position, Task

JOBS = Path(engine.__file__).parent.parent / "resources" / "jobs"
NAMES = sorted(file.parent.name for file in JOBS.glob("*/job.json"))
NODE, PILL, GRID = (152, 100), (68, 44), 16  # sizes on the canvas
PORT_OF_NODE, PORT_OF_PILL = 86, 22


def size_of(task: Task) -> tuple[int, int]:
    return NODE if task.is_function else PILL


@pytest.mark.parametrize("name", NAMES)
def test_that_tasks_lie_on_the_grid_without_touching(name: str) -> None:
    job_map = engine.load_job_map(JOBS / name / "job.json")
    positions = job_map.layout.positions
    assert list(positions) == [task.name for task in job_map.tasks]
    assert all(x % GRID == 0 and y % GRID == 0 for x, y in positions.values())
    for one, other in itertools.combinations(job_map.tasks, 2):
        places = (positions[one.name], size_of(one)), (positions[other.name], size_of(other))
        assert max(gap(*places, axis) for axis in (0, 1)) >= 24, (one.name, other.name)


@pytest.mark.parametrize("name", NAMES)
def test_that_wires_run_from_left_to_right_and_cross_no_task(name: str) -> None:
    job_map = engine.load_job_map(JOBS / name / "job.json")
    positions = job_map.layout.positions
    for start, end in job_map.workflow:
        left, right = port(job_map.by_name[start], positions, out=True), port(job_map.by_name[end], positions, out=False)
        assert right[0] - left[0] >= 48, (start, end)
        for task in job_map.tasks:
            assert task.name in (start, end) or not passes(left, right, positions[task.name], size_of(task)), (start, end, task.name)


def gap(one: tuple[Position, tuple[int, int]], other: tuple[Position, tuple[int, int]], axis: int) -> float:
    """How far two boxes, each a corner and a size, are apart along an axis."""
    return max(b[0][axis] - a[0][axis] - a[1][axis] for a, b in ((one, other), (other, one)))


def port(task: Task, positions: Mapping[str, Position], *, out: bool) -> Position:
    x, y = positions[task.name]
    width = size_of(task)[0]
    return (x + width if out else x, y + (PORT_OF_NODE if task.is_function else PORT_OF_PILL))


def passes(left: Position, right: Position, corner: Position, size: tuple[int, int]) -> bool:
    """Whether the curve of a wire (handles of half its width, at least 28) goes through a box."""
    share = np.linspace(0.0, 1.0, 200)
    handle = max(28.0, (right[0] - left[0]) / 2)
    bernstein = np.array([(1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3])
    x = np.array([left[0], left[0] + handle, right[0] - handle, right[0]]) @ bernstein
    y = np.array([left[1], left[1], right[1], right[1]]) @ bernstein
    return bool(((corner[0] < x) & (x < corner[0] + size[0]) & (corner[1] < y) & (y < corner[1] + size[1])).any())
