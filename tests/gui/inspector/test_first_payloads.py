"""The first payloads are read by a process of their own, which ends with the window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from engine.model.job_map import Datasource, JobMap, from_file
from ephemeral_gui.inspector.first_payloads import MOST_CHARACTERS, FirstPayloads, first_payloads

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_that_payloads_come_from_a_file_beside_the_job_map_and_are_cut(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text(json.dumps([{"n": number, "text": "ä" * 10_000} for number in range(7)]), "utf-8")
    found = first_payloads(from_file(JobMap("job", Datasource("file", {"path": "data.json"})), tmp_path / "job.json", None))
    assert [json.loads(text.partition(",")[0] + "}") for text in found.texts] == [{"n": number} for number in range(5)]
    assert {len(text) for text in found.texts} == {MOST_CHARACTERS + 1}
    assert (found.has_more, found.error) == (True, "")


def test_that_what_stands_in_the_job_map_itself_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    assert first_payloads(JobMap("job", Datasource("direct", {"content": {"n": 1}}))) == FirstPayloads(['{"n": 1}'])


def test_that_a_process_that_is_not_to_be_had_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert "/nowhere/python" in first_payloads(JobMap("job", Datasource("file", {"path": "data.json"}))).error


def test_that_the_process_ends_with_the_window_whatever_it_waits_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "data.json")
    request = json.dumps({"source": "file", "options": {"path": str(tmp_path / "data.json")}, "path": None})
    command = [sys.executable, "-c", "from ephemeral_gui.inspector.first_payloads import main; main()"]
    done = subprocess.run(command, input=request.encode() + b"\n", stdout=subprocess.PIPE, timeout=60, check=False)  # noqa: S603  our own
    assert (done.returncode, done.stdout) == (1, b"")
