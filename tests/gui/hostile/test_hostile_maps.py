"""Maps that an enemy wrote are text: opened, typed or pasted, they make the window import, open, start and ask for nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PLANTED = -1
pytestmark = pytest.mark.timeout(600)


def _shown(tmp_path: Path, first: int, count: int, road: str = "file", breach: str = "none") -> dict[str, Any]:
    """Show so many maps in a window of a watched process and return what it reports."""
    folder = tmp_path / f"{road}-{first}"
    folder.mkdir()
    command = [sys.executable, "-m", "tests.gui.hostile.watched_window", str(folder), str(first), str(count), road, breach]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)  # noqa: S603  our own words
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert report["maps"] == count
    return report


def _assert_harmless(report: dict[str, Any]) -> None:
    assert report["seen"] == []
    assert report["bait"] == []
    assert report["connections"] == 0
    assert report["resources"] == 0
    assert report["rich"] == []
    assert report["complaints"] == []
    assert not report["had_bug"]


@pytest.mark.parametrize("first", [0, 17, 34])
def test_that_hostile_maps_open_as_text(tmp_path: Path, first: int) -> None:
    report = _shown(tmp_path, first, 17)
    _assert_harmless(report)
    assert report["broken"] < 9


@pytest.mark.parametrize("road", ["typing", "clipboard"])
def test_that_hostile_maps_come_in_as_text_by_other_roads(tmp_path: Path, road: str) -> None:
    report = _shown(tmp_path, 1_000, 10, road)
    _assert_harmless(report)
    assert report["taken"] > 4


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("first", range(2_000, 3_000, 100))
def test_that_a_thousand_hostile_maps_open_as_text(tmp_path: Path, first: int) -> None:
    _assert_harmless(_shown(tmp_path, first, 100))


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("road", ["typing", "clipboard"])
def test_that_a_hundred_hostile_maps_come_in_as_text_by_other_roads(tmp_path: Path, road: str) -> None:
    _assert_harmless(_shown(tmp_path, 4_000, 100, road))


@pytest.mark.parametrize(
    ("breaches", "found"),
    [
        ("import+open+process+connect", {"seen": ["colorsys", "open 'http:", "subprocess.Popen"], "connections": ["1"]}),
        ("note", {"bait": ["picture.png"]}),
        ("label+tip", {"bait": ["picture.png"], "rich": ["tool tip: <img src="]}),
    ],
)
def test_that_the_watch_finds_planted_breaches(tmp_path: Path, breaches: str, found: dict[str, list[str]]) -> None:
    report = _shown(tmp_path, PLANTED, 1, breach=breaches)
    for place, wanted in found.items():
        for words in wanted:
            assert words in str(report[place])
