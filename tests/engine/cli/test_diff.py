"""``ephemeral diff``."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from engine.catalog.installation import JOBS
from engine.cli import diff

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

SIMPLE = JOBS / "simple-example" / "job.json"


WATCHED = """
import sys
from engine.cli.main import main
from engine.lazy_dataclasses import compile_all
simple, harmless, hostile = sys.argv[1:]
main(["diff", simple, harmless])
compile_all()
seen = []
def watch(event, arguments):
    if event in {"import", "exec", "compile", "subprocess.Popen", "socket.connect"}:
        seen.append((event, str(arguments[0])))
    if event == "open" and str(arguments[0]) not in {simple, hostile}:
        seen.append((event, str(arguments[0])))
sys.addaudithook(watch)
code = main(["diff", simple, hostile])
print(code, seen)
"""


def _changed(tmp_path: Path, name: str = "Other") -> Path:
    path = tmp_path / "other.json"
    path.write_text(json.dumps({**json.loads(SIMPLE.read_text("utf-8")), "name": name}), encoding="utf-8")
    return path


def test_that_equal_maps_are_said_to_be_equal(ephemeral: Callable[..., Any]) -> None:
    answer = ephemeral("diff", SIMPLE, SIMPLE)
    assert (answer.code, answer.out, answer.err) == (0, "", "no difference\n")
    assert ephemeral("diff", SIMPLE, SIMPLE, "--json").out == "[]\n"


def test_that_a_difference_is_a_line_and_code_0(ephemeral: Callable[..., Any], tmp_path: Path) -> None:
    answer = ephemeral("diff", SIMPLE, _changed(tmp_path))
    assert answer.code == 0
    assert answer.out == 'changed name: "Simple example" → "Other"\n'
    assert answer.err == "1 difference\n"


def test_that_json_names_place_and_values(ephemeral: Callable[..., Any], tmp_path: Path) -> None:
    (change,) = json.loads(ephemeral("diff", SIMPLE, _changed(tmp_path), "--json").out)
    assert change == {
        "kind": "changed",
        "subject": "job",
        "task": None,
        "pointer": "/name",
        "before": "Simple example",
        "after": "Other",
    }


def test_that_what_is_no_job_map_and_what_is_missing_have_their_codes(ephemeral: Callable[..., Any], tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    assert ephemeral("diff", SIMPLE, broken).code == 65
    assert ephemeral("diff", tmp_path / "gone.json", SIMPLE).code == 66
    assert ephemeral("diff", SIMPLE).code == 2


def test_that_no_text_of_a_map_commands_the_terminal(ephemeral: Callable[..., Any], tmp_path: Path) -> None:
    assert "\x1b" not in ephemeral("diff", SIMPLE, _changed(tmp_path, "\x1b[31mred")).out


def test_that_a_terminal_sees_the_kind_in_colour(ephemeral: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff, "_is_terminal", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    answer = ephemeral("diff", SIMPLE, _changed(tmp_path))
    assert answer.out == '\x1b[33mchanged\x1b[0m name: "Simple example" → "Other"\n'


def test_that_a_hostile_map_makes_it_import_open_and_start_nothing(tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.json"
    tasks = [
        {"name": name, "type": "function", "namespace": name, "method": "http://localhost/x", "init_args": {"path": "/etc/passwd"}}
        for name in ("antigravity", "..evil", "os", "x" * 10_000)
    ]
    harmless = _changed(tmp_path)  # what this machinery needs of its own is there by then
    harmless.write_text(json.dumps({**json.loads(SIMPLE.read_text("utf-8")), "tasks": [{"name": "a", "type": "input"}]}), encoding="utf-8")
    hostile.write_text(json.dumps({**json.loads(SIMPLE.read_text("utf-8")), "tasks": tasks}), encoding="utf-8")
    command = [sys.executable, "-c", WATCHED, str(SIMPLE), str(harmless), str(hostile)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  our own text
    assert ended.stdout.splitlines()[-1] == "0 []"
