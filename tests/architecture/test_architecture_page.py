"""docs/architecture.md names every room of the house, and no room that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"^\| `([a-z_/]+)` \|", PAGE, flags=re.MULTILINE))
PACKAGES = ("engine", "ephemeral_gui")


def folders_of(package: str) -> set[str]:
    return {str(file.parent.relative_to(ROOT)) for file in (ROOT / package).rglob("*.py")}


def test_that_every_folder_it_names_exists() -> None:
    assert {name for name in NAMED if not (ROOT / name).is_dir()} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_that_every_folder_of_code_is_named(package: str) -> None:
    assert folders_of(package) - NAMED == set()


def test_that_every_folder_of_resources_is_named() -> None:
    folders = {f"resources/{each.name}" for each in (ROOT / "resources").iterdir() if each.is_dir() and not each.name.startswith("_")}
    assert folders - NAMED == set()


def test_that_every_folder_at_the_top_is_named() -> None:
    ignored = {"my-jobs", "runs", "build", "dist"}
    folders = {
        each.name for each in ROOT.iterdir() if each.is_dir() and not each.name.startswith(".") and not each.name.endswith(".egg-info")
    }
    assert folders - ignored - NAMED == set()
