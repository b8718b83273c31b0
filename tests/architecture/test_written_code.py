"""Code that the scaffolding writes for others keeps the checks that our own code keeps; this needs the project's linter."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from engine.catalog.scaffolding import new_namespace, new_task

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = ("--isolated", "--line-length=140", "--target-version=py311")


@pytest.mark.parametrize(
    "command",
    [("check", "--select=ALL", "--ignore=COM812,D203,D213,ANN401,ARG001,CPY001"), ("format", "--check")],
    ids=["findings", "format"],
)
def test_that_written_code_is_formatted_and_free_of_findings(command: tuple[str, ...], tmp_path: Path) -> None:
    new_namespace(tmp_path, "geo.rasters")
    new_task(tmp_path, "geo.rasters", "clip")
    new_task(tmp_path, "geo.rasters", "warp")
    words = [sys.executable, "-m", "ruff", *command, *SETTINGS, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  # our own command
    assert done.returncode == 0, done.stdout
