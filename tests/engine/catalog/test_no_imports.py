"""Text of a job map never reaches the import system, and reading definitions runs no task code: watched by an audit hook.

An audit hook cannot be taken off again, so each check runs in an interpreter of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

WATCH = """
import json, sys
from engine.lazy_dataclasses import compile_all

WATCHED = ("import", "exec", "compile", "open", "os.listdir", "os.scandir", "subprocess.Popen", "socket.connect", "socket.getaddrinfo")
seen = []
watching = False


def watch(event, arguments):
    if watching and event in WATCHED:
        seen.append([event, repr(arguments[0])[:200]])


sys.addaudithook(watch)
"""

HOSTILE_NAMES = """
names = ["os", "antigravity", "this", "..evil", "http://localhost/x", "x" * 10_000, "a." * 5_000, "", ".", "main.", "main..example"]
names += ["main/example", "task_namespaces.main", "engine.cli", "__main__", "main.dask.tasks", "../../etc/passwd", "/etc/passwd"]
names += ["main\\0", "\\ud800", "caf\\u00e9", "{}", "%s"]
"""

ASK_CATALOG = f"""{WATCH}{HOSTILE_NAMES}
from engine.catalog import load_catalog
from engine.errors import JobMapError

catalog = load_catalog()
catalog.load_body("main", "example", {{"example_property": ""}})
catalog.definitions, catalog.problems, catalog.definition("nowhere", "")
try:
    catalog.load_body("nowhere", "example", {{}})  # our own classes of a refusal are made ready by the first
except JobMapError:
    pass
modules = set(sys.modules)
refused = 0
compile_all()
watching = True
for namespace in names:
    for method in [*names, "system", "example"]:
        catalog.definition(namespace, method), catalog.methods(namespace)
    try:
        catalog.load_body(namespace, "example", {{}})
    except JobMapError:
        refused += 1
watching = False
print(json.dumps([refused == len(names), sorted(set(sys.modules) - modules), seen]))
"""

VALIDATE_MAPS = f"""{WATCH}{HOSTILE_NAMES}
import engine
from engine.validation import validate
from engine.errors import JobMapError

def job_map(namespace, method, init_args):
    types = {{"consumes": "any", "produces": "map"}}
    task = {{"name": "a", "type": "function", "namespace": namespace, "method": method, "init_args": init_args, **types}}
    tasks = [{{"name": "in", "type": "input"}}, task, {{"name": "out", "type": "output"}}]
    datasource = {{"source": "direct", "content": {{}}}}
    return engine.parse_job_map({{"name": "A job", "datasource": datasource, "tasks": tasks, "workflow": [["in", "a"], ["a", "out"]]}})

catalog = engine.load_catalog()
validate(job_map("main", "examplee", {{"a": 1}}), catalog)
try:
    engine.build_job(job_map("nowhere", "example", {{}}))
except JobMapError:
    pass
modules = set(sys.modules)
maps = [job_map(namespace, method, {{}}) for namespace in names if "\\ud800" not in namespace for method in ("example", "system", "os")]
compile_all()
watching = True
refused = [any(problem.is_error for problem in validate(each, catalog)) for each in maps]
watching = False
print(json.dumps([all(refused), sorted(set(sys.modules) - modules), seen]))
"""

READ_DEFINITIONS = """
import json, sys
from pathlib import Path
import engine

catalog = engine.load_catalog(Path(sys.argv[1]))
known = ("geo", "clip") in catalog.definitions and ("main", "example") in catalog.definitions
engine.validate(engine.load_job_map(Path(sys.argv[2])), workspace=Path(sys.argv[1]))
code = [name for name, module in sys.modules.items() if "task_namespaces" in (getattr(module, "__file__", None) or name)]
heavy = [name for name in ("xarray", "numpy", "dask", "distributed", "matplotlib", "PySide6") if name in sys.modules]
print(json.dumps([known, code, heavy]))
"""


def outcome(script: str, *arguments: str) -> object:
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603  # our own script
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("script", [ASK_CATALOG, VALIDATE_MAPS], ids=["catalogue", "validator"])
def test_that_hostile_names_cause_no_import_and_no_file_access(script: str) -> None:
    assert outcome(script) == [True, [], []]


def test_that_the_watch_sees_an_import() -> None:
    script = f"{WATCH}\nwatching = True\nimport colorsys\nwatching = False\nprint(json.dumps(sorted({{event for event, _ in seen}})))"
    assert "import" in outcome(script)  # type: ignore[operator]  # a list


def test_that_reading_definitions_and_validating_imports_no_task_code(workspace: Path) -> None:
    (workspace / "task_namespaces/geo/tasks.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    job_map = {
        "name": "A job",
        "datasource": {"source": "direct", "content": {}},
        "tasks": [
            {"name": "in", "type": "input"},
            {
                "name": "clip",
                "type": "function",
                "namespace": "geo",
                "method": "clip",
                "consumes": "any",
                "produces": "map",
                "init_args": {},
            },
            {"name": "out", "type": "output"},
        ],
        "workflow": [["in", "clip"], ["clip", "out"]],
    }
    path = workspace / "job.json"
    path.write_text(json.dumps(job_map), encoding="utf-8")
    assert outcome(READ_DEFINITIONS, str(workspace), str(path)) == [True, [], []]


def test_that_a_route_imports_what_lies_on_it_and_nothing_beside_it() -> None:
    script = """
import json, sys
from engine.catalog import load_catalog
load_catalog().load_body("main.parsing.strings", "split_string", {})
print(json.dumps(sorted(name for name in sys.modules if name.startswith("task_namespaces."))))
"""
    found = outcome(script)
    assert isinstance(found, list)
    on_the_way = ("task_namespaces.main", "task_namespaces.main.parsing")
    assert {name for name in found if not name.startswith("task_namespaces.main.parsing.strings")} == {
        "task_namespaces.task_factory",
        *on_the_way,
        *(f"{name}.task_factory" for name in on_the_way),
    }


def test_that_the_way_to_a_child_of_a_heavy_namespace_imports_none_of_its_libraries() -> None:
    script = """
import json, sys
from importlib import import_module
import_module("task_namespaces.main.xarray.statistics.task_factory")
print(json.dumps([name for name in ("xarray", "numpy", "pandas", "dask") if name in sys.modules]))
"""
    assert outcome(script) == []
