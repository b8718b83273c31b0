"""What is said of a method whose definition is there and cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.catalog import load_catalog
from engine.catalog.scaffolding import new_namespace, new_task
from engine.files import parse_job_map
from engine.validation import validate

if TYPE_CHECKING:
    from pathlib import Path


def test_that_a_definition_that_cannot_be_used_is_named_where_its_method_is_wanted(tmp_path: Path) -> None:
    new_namespace(tmp_path, "ocean.deep")
    for method in ("trend", "slope"):
        new_task(tmp_path, "ocean.deep", method)
    file = tmp_path / "definitions" / "ocean" / "deep" / "trend.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"map"', '"list(map"'), encoding="utf-8")
    tasks: list[dict[str, object]] = [
        {"name": name, "type": "function", "namespace": "ocean.deep", "method": name, "consumes": "any", "produces": "map", "init_args": {}}
        for name in ("trend", "trnd")
    ]
    data = {
        "name": "Trend",
        "datasource": {"source": "direct", "content": {}},
        "tasks": [{"name": "in", "type": "input"}, *tasks, {"name": "out", "type": "output"}],
        "workflow": [["in", "trend"], ["trend", "trnd"], ["trnd", "out"]],
    }
    spoiled, misspelled = validate(parse_job_map(data), load_catalog(tmp_path))
    assert (spoiled.code, misspelled.code) == ("unknown-method", "unknown-method")
    assert spoiled.hint is not None
    assert spoiled.hint.startswith(f'its definition cannot be used: {file}:8:5 /produces/0: "list(map" does not match')
    assert misspelled.hint is None or "cannot be used" not in misspelled.hint
