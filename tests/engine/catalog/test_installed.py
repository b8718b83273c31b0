"""Namespaces of installed packages: found by their entry points, read without their code."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest

from engine.catalog import load_catalog
from engine.catalog.scaffolding import new_namespace, new_task

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = "[ephemeral.task_namespaces]\n{entry}\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on ``sys.path`` with the distribution acme-tasks, which adds the namespace ``acme``; importing its package is noticed."""
    folder = tmp_path / "site"
    new_namespace(tmp_path / "made", "acme.strings")
    new_task(tmp_path / "made", "acme.strings", "shout")
    folder.mkdir()
    (tmp_path / "made/task_namespaces").rename(folder / "acme_tasks")
    (tmp_path / "made/definitions").rename(folder / "acme_tasks/definitions")
    information = folder / "acme_tasks-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-tasks\nVersion: 1.0\n", encoding="utf-8")
    (information / "entry_points.txt").write_text(ENTRY.format(entry="acme = acme_tasks"), encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    for name in [name for name in sys.modules if name.partition(".")[0] == "acme_tasks"]:
        monkeypatch.delitem(sys.modules, name)
    return folder


def write_entry(site: Path, entry: str) -> None:
    (site / "acme_tasks-1.0.dist-info/entry_points.txt").write_text(ENTRY.format(entry=entry), encoding="utf-8")


def imported() -> list[str]:
    return [name for name in sys.modules if name.startswith("acme_tasks")]


@pytest.mark.usefixtures("site")
def test_that_the_definitions_of_a_package_are_read_without_importing_it() -> None:
    catalog = load_catalog()
    assert catalog.definition("acme.strings", "shout") is not None
    assert "acme.strings" in catalog.namespaces()
    assert catalog.problems == ()
    assert imported() == []


@pytest.mark.usefixtures("site")
async def test_that_a_body_of_a_package_is_loaded_through_its_root_factory() -> None:
    body = load_catalog().load_body("acme.strings", "shout", {})
    assert await body({"a": 1}) == {"a": 1}
    assert "acme_tasks.acme.strings.tasks" in imported()


def test_that_an_editable_package_is_found_where_its_path_file_leads(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "source").mkdir()
    (site / "acme_tasks").rename(tmp_path / "source/acme_tasks")
    monkeypatch.syspath_prepend(tmp_path / "source")
    assert load_catalog().definition("acme.strings", "shout") is not None
    assert imported() == []


def test_that_a_package_below_another_is_found_without_importing_either(site: Path) -> None:
    (site / "acme_tasks").rename(site / "inner")
    (site / "acme_tasks").mkdir()
    (site / "acme_tasks/__init__.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    (site / "inner").rename(site / "acme_tasks/namespaces")
    write_entry(site, "acme = acme_tasks.namespaces")
    assert load_catalog().definition("acme.strings", "shout") is not None


def test_that_a_package_adds_only_the_namespace_of_its_entry_point(site: Path, write_definition: Any) -> None:
    write_definition(site / "acme_tasks/definitions", "main/mine/clip")
    catalog = load_catalog()
    assert catalog.definition("main.mine", "clip") is None
    (problem,) = catalog.problems
    assert problem.message == '"main.mine.clip" is outside of "acme", the one top-level namespace that its package adds'


def test_that_no_package_takes_a_built_in_namespace(site: Path, write_definition: Any) -> None:
    write_entry(site, "main = acme_tasks")
    write_definition(site / "acme_tasks/definitions", "main/mine/clip")
    catalog = load_catalog()
    assert catalog.definition("main.mine", "clip") is None
    assert any("belongs to Ephemeral itself" in problem.message for problem in catalog.problems)


def test_that_a_broken_definition_of_a_package_is_a_problem_with_its_file(site: Path, write_definition: Any) -> None:
    path = write_definition(site / "acme_tasks/definitions", "acme/broken", produces=3)
    assert [problem.file for problem in load_catalog().problems] == [str(path)]


@pytest.mark.parametrize(
    "entry", ["acme = no_such_package", "acme = ..acme_tasks", "acme = acme_tasks/x", "a-b = acme_tasks", "acme = os", "acme = __main__"]
)
def test_that_an_entry_point_that_leads_to_no_package_folder_adds_nothing(site: Path, entry: str) -> None:
    write_entry(site, entry)
    catalog = load_catalog()
    assert catalog.definition("acme.strings", "shout") is None
    assert "main" in catalog.namespaces()


@pytest.mark.parametrize("content", [b"[", b"[ephemeral.task_namespaces]\nno value\n", b"\xff\xfe", b"[console_scripts]\n= = =\n"])
def test_that_a_package_with_spoiled_metadata_does_not_spoil_the_catalogue(site: Path, content: bytes) -> None:
    information = site / "other-1.0.dist-info"
    information.mkdir()
    (information / "entry_points.txt").write_bytes(content)
    catalog = load_catalog()
    assert catalog.definition("acme.strings", "shout") is not None
    assert "main" in catalog.namespaces()


def test_that_of_two_installations_of_a_package_the_first_on_the_path_is_used(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_definition: Any
) -> None:
    shutil.copytree(site, tmp_path / "first")
    write_definition(tmp_path / "first/acme_tasks/definitions", "acme/strings/shout", description="The first.")
    monkeypatch.syspath_prepend(tmp_path / "first")
    catalog = load_catalog()
    definition = catalog.definition("acme.strings", "shout")
    assert definition is not None
    assert definition.description == "The first."
    assert catalog.problems == ()
