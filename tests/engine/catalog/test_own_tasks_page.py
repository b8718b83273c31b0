"""docs/how-to/own-tasks.md, followed step by step."""

from __future__ import annotations

import re
from pathlib import Path

import engine
from engine.catalog import load_catalog
from engine.catalog.rules import check_namespaces
from engine.catalog.scaffolding import new_namespace, new_task

PAGE = (Path(engine.__file__).parents[1] / "docs/how-to/own-tasks.md").read_text(encoding="utf-8")
LIBRARY = "def clip_text(text, length):\n    return text[:length]\n"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


async def test_that_the_task_of_the_page_loads_runs_and_keeps_the_rules(tmp_path: Path) -> None:
    new_namespace(tmp_path, "geo.rasters")
    tasks, definition = new_task(tmp_path, "geo.rasters", "clip")
    definition.write_text(block("json"), encoding="utf-8")
    source = tasks.read_text(encoding="utf-8")
    scaffold = source[source.index("def clip(") :]
    tasks.write_text(
        source.replace(scaffold, block("python")).replace("if TYPE", "from .library import clip_text\n\nif TYPE"), encoding="utf-8"
    )
    (tasks.parent / "library.py").write_text(LIBRARY, encoding="utf-8")
    catalog = load_catalog(tmp_path, trust=True)
    assert catalog.problems == ()
    assert await catalog.load_body("geo.rasters", "clip", {"length": 3})({"input": "seasonal"}) == {"input": "sea"}
    assert check_namespaces(tmp_path / "task_namespaces", tmp_path / "definitions") == []


def test_that_every_file_that_the_page_draws_is_made(tmp_path: Path) -> None:
    new_namespace(tmp_path, "geo.rasters")
    new_task(tmp_path, "geo.rasters", "clip")
    drawn = re.findall(r"^  (\S+?)/(\w+\.\w+)(?:, (\w+\.py))?", PAGE, re.MULTILINE)
    files = [tmp_path / folder / name for folder, *names in drawn for name in names if name]
    assert len(files) == 7
    assert all(file.is_file() for file in files)
