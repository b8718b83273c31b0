"""The time of day measures nothing: who may ask for it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [file for package in ("engine", "task_namespaces") for file in sorted((ROOT / package).rglob("*.py"))]
TIME_OF_DAY = {("time", "time"), ("time", "time_ns"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}

ALLOWED = {
    "engine/execution/announcer.py": 1,  # when an event was, for show
    "engine/files/leftovers.py": 1,  # how old a file is, by the file system's own clock
    "engine/execution/executors/scratch_folder.py": 1,  # the same of a folder
}


def questions(source: str) -> int:
    """Return how often the source asks for the time of day."""
    asked = 0
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name) if (owner, name) in TIME_OF_DAY:
                asked += 1
            case ast.ImportFrom(module="time", names=names):
                asked += sum(each.name in ("time", "time_ns") for each in names)
            case _:
                pass
    return asked


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_that_nothing_is_measured_by_the_time_of_day(file: Path) -> None:
    assert questions(file.read_text(encoding="utf-8")) == ALLOWED.get(file.relative_to(ROOT).as_posix(), 0)


def test_that_the_search_finds_planted_questions() -> None:
    assert questions("import time, datetime\nfrom time import time\ntime.time()\ndatetime.datetime.now()\n") == 3
