"""A window that is killed at any edit has lost at most the last two seconds of it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from engine.catalog.installation import JOBS
from ephemeral_gui.document.recovery import bring_back, left_behind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SIMPLE = JOBS / "simple-example" / "job.json"
MOST_SECONDS_LOST = 2.0

EDITING = """
import random, sys, time
from PySide6.QtCore import QTimer
from engine.model import editing
from engine.model.job_map import Task, TaskType
from ephemeral_gui import app

seed = int(sys.argv[2])
hands = random.Random(seed)
number = 0
timer = QTimer(interval=15)

def edit():
    global number
    document = app.open_windows()[0].document
    job_map = document.job_map
    number += 1
    key = hands.choice(job_map.tasks).key
    match hands.randrange(4):
        case 0:
            name = editing.unique_name(job_map, "task")
            job_map = editing.add_tasks(job_map, [Task(name, TaskType.FUNCTION, namespace="main", method="example")], {name: (0, number)})
        case 1:
            job_map = editing.set_argument(job_map, key, "text", "x" * hands.randrange(200))
        case 2:
            names = [task.name for task in job_map.tasks]
            job_map = editing.connect(job_map, [(hands.choice(names), hands.choice(names))])
        case _:
            job_map = editing.move_tasks(job_map, {job_map.by_key[key].name: (number, number)})
    document.change("Edit", editing.describe(job_map, name=str(number), description=None))
    print(number, time.monotonic(), flush=True)

show_window = app.show_window
def show(*args, **options):
    window = show_window(*args, **options)
    timer.timeout.connect(edit)
    QTimer.singleShot(0, timer.start)
    return window
app.show_window = show
sys.exit(app.run_gui(sys.argv[1]))
"""

CARELESS = "from ephemeral_gui.document import keeper\nkeeper.MILLISECONDS = 600_000\n"


@dataclass
class Killed:
    """What a killed window had done, and what is left of it."""

    edits: list[tuple[int, float]]
    kept: int
    folder: Path

    @property
    def lost_seconds(self) -> float:
        """From the first edit that is not kept to the kill, which came right after the last edit that was seen."""
        lost = [moment for number, moment in self.edits if number > self.kept]
        return self.edits[-1][1] - lost[0] if lost else 0.0


def _killed(tmp_path: Path, seed: int, last_edit: int, program: str = EDITING) -> Killed:
    """Start a window that edits by itself and kill it when it says that it did the last edit wanted."""
    folder = tmp_path / f"killed-{seed}"
    folder.mkdir()
    file = folder / "job.json"
    file.write_bytes(SIMPLE.read_bytes())
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder)}
    command = [sys.executable, "-c", program, str(file), str(seed)]
    edits: list[tuple[int, float]] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=variables) as process:  # noqa: S603
        try:
            assert process.stdout is not None
            for line in process.stdout:
                number, moment = line.split()
                edits.append((int(number), float(moment)))
                if len(edits) >= last_edit:
                    break
        finally:
            process.kill()  # also where a time limit ended the reading: else leaving the block waits for it without one
        edits += [(int(number), float(moment)) for number, moment in (line.split() for line in process.stdout if line.endswith("\n"))]
    assert file.read_bytes() == SIMPLE.read_bytes()
    return Killed(edits, _kept(folder), folder)


def _kept(folder: Path) -> int:
    """Return the number of the edit that would be restored, after bringing it back and undoing all of it."""
    found = left_behind(folder / "state" / "ephemeral" / "recovery")
    if not found:
        return 0
    ((_, kept),) = found
    document = bring_back(kept)
    document.undo_stack.setIndex(0)
    return int(json.loads(kept.states[kept.now][0])["name"])


def _check(tmp_path: Path, seeds: Sequence[int]) -> None:
    hands = random.Random(seeds[0])  # noqa: S311  the same kills each time
    kept = 0
    for seed in seeds:
        killed = _killed(tmp_path, seed, hands.randrange(1, 120))
        assert killed.lost_seconds <= MOST_SECONDS_LOST, (seed, killed.edits[-1], killed.kept)
        kept += killed.kept > 0
        left = [each.name for each in (killed.folder / "state").rglob("*.tmp")]
        assert left == []
    assert kept >= len(seeds) // 4


def test_that_ten_killed_windows_lose_no_edit_older_than_two_seconds(qapp: object, tmp_path: Path) -> None:
    _check(tmp_path, range(10))


@pytest.mark.long
@pytest.mark.timeout(900)
def test_that_fifty_killed_windows_lose_no_edit_older_than_two_seconds(qapp: object, tmp_path: Path) -> None:
    _check(tmp_path, range(100, 150))


def test_that_the_harness_finds_a_keeper_that_is_too_late(qapp: object, tmp_path: Path) -> None:
    killed = _killed(tmp_path, 1, 170, CARELESS + EDITING)
    assert killed.kept == 0
    assert killed.lost_seconds > MOST_SECONDS_LOST
