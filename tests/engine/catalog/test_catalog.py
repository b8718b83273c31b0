"""What the catalogue lists, who owns a namespace, and what is asked of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.catalog import Catalog, load_catalog
from engine.errors import InputMissingError, JobMapError

if TYPE_CHECKING:
    from pathlib import Path


def test_that_the_built_in_methods_are_listed_without_problems() -> None:
    catalog = load_catalog()
    assert catalog.problems == ()
    assert "main.parsing.strings" in catalog.namespaces()
    assert {"split_string", "filter_string_length"} <= set(catalog.methods("main.parsing.strings"))


def test_that_namespaces_and_methods_are_in_alphabetical_order(tmp_path: Path, write_definition: Any) -> None:
    for place in ("zoo/b", "zoo/a", "geo/z", "geo/rasters/a"):
        write_definition(tmp_path / "definitions", place)
    catalog = load_catalog(tmp_path)
    assert [name for name in catalog.namespaces() if not name.startswith("main")] == ["geo", "geo.rasters", "zoo"]
    assert catalog.methods("zoo") == ("a", "b")


def test_that_a_definition_is_found_by_namespace_and_method(workspace: Path) -> None:
    catalog = load_catalog(workspace)
    definition = catalog.definition("geo", "clip")
    assert definition is not None
    assert definition is catalog.definitions["geo", "clip"]


@pytest.mark.parametrize(("namespace", "method"), [("geo", "warp"), ("geo.clip", "clip"), ("nowhere", "clip"), ("", ""), (".", "clip")])
def test_that_an_unknown_method_has_no_definition(workspace: Path, namespace: str, method: str) -> None:
    catalog = load_catalog(workspace)
    assert catalog.definition(namespace, method) is None
    assert catalog.methods("nowhere") == ()


def test_that_an_unknown_method_is_refused_with_the_nearest_known_one(workspace: Path) -> None:
    with pytest.raises(JobMapError, match=r'there is no method "clap" in a namespace "geo" \(did you mean \'geo.clip\'\?\)'):
        load_catalog(workspace, trust=True).load_body("geo", "clap", {})


def test_that_a_workspace_adds_nothing_to_a_namespace_of_someone_else(tmp_path: Path, write_definition: Any) -> None:
    write_definition(tmp_path / "definitions", "main/mine/clip")
    write_definition(tmp_path / "definitions", "main/example")
    catalog = load_catalog(tmp_path)
    assert catalog.definition("main.mine", "clip") is None
    assert "main.mine" not in catalog.namespaces()
    example = catalog.definition("main", "example")
    assert example is not None
    assert example.description != "Does it."
    (problem,) = catalog.problems
    assert 'the namespace "main" belongs to Ephemeral itself' in problem.message
    assert problem.file == str(tmp_path / "definitions")


def test_that_broken_definitions_are_problems_of_the_catalogue(tmp_path: Path, write_definition: Any) -> None:
    path = write_definition(tmp_path / "definitions", "geo/clip", consumes=3)
    (problem,) = load_catalog(tmp_path).problems
    assert problem.describe().startswith(f"{path}:4:2 /consumes: 3 is not of type 'array'")


@pytest.mark.parametrize("content", [None, "a file"])
def test_that_a_workspace_that_is_no_folder_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "workspace"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(InputMissingError, match="the workspace is not a folder"):
        load_catalog(path)


def test_that_installed_packages_are_not_looked_for_while_the_first_sources_have_the_namespace(workspace: Path) -> None:
    asked: list[str] = []
    first = load_catalog(workspace)._first_sources

    def further() -> tuple[()]:
        asked.append("further")
        return ()

    catalog = Catalog(first, further)
    assert catalog.definition("main", "example") is not None
    assert catalog.definition("geo", "nothing") is None
    assert asked == []
    assert catalog.definition("elsewhere", "clip") is None
    assert catalog.namespaces()
    assert asked == ["further"]
