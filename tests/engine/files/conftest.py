"""Job maps for the tests of reading and writing."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SOUND = {
    "name": "Words",
    "datasource": {"source": "direct", "content": {"input": "one two"}},
    "tasks": [
        {"name": "in", "type": "input"},
        {
            "name": "split",
            "type": "function",
            "namespace": "main.parsing.strings",
            "method": "split_string",
            "consumes": "string",
            "produces": "list(string)",
            "init_args": {},
        },
        {"name": "out", "type": "output"},
    ],
    "workflow": [["in", "split"], ["split", "out"]],
}

_FULL = {
    "format_version": 1,
    "id": "job-1",
    "name": "Everything",
    "description": "Größe, 大きさ, 😀",
    "datasource": {"source": "files", "folder": "data", "pattern": "*.csv", "unknown": [1]},
    "policy": {"max_concurrent": 3, "fail_fast": True, "unknown": 2},
    "tasks": [
        {"name": "in", "type": "input", "id": "i", "unknown": {"b": 1, "a": 2}},
        {
            "name": "work",
            "type": "function",
            "id": "w",
            "description": "works",
            "namespace": "main",
            "method": "example",
            "consumes": "any",
            "produces": "string",
            "init_args": {"z": 1e-7, "a": [1, 2.5, None, True, {"$secret": "TOKEN"}], "big": 10**300},
            "policy": {
                "retries": 2,
                "retry_delay": 0.5,
                "retry_backoff": 2,
                "timeout": 60,
                "on_error": "stop",
                "max_concurrent": 4,
                "runs": "loop",
                "unknown": "p",
            },
            "join": "by-task",
            "collect": {
                "over": "in",
                "group_by": "key",
                "window": {"size": 3, "step": 1, "unknown": 0},
                "missing": "drop",
                "unknown": None,
            },
            "disabled": "off",
            "unknown": "t",
        },
        {"name": "out", "type": "output", "unknown": False},
    ],
    "workflow": [["in", "work"], ["work", "out"]],
    "layout": {
        "positions": {"in": [0, 28.5], "work": [224, -28]},
        "notes": [{"text": "a note", "position": [1, 2], "size": [3, 4], "unknown": 1}],
        "frames": [{"title": "a frame", "position": [1, 2], "size": [3.5, 4], "unknown": 1}],
        "zoom": 1.5,
    },
    "unknown": {"deep": [{"er": 1}]},
}


@pytest.fixture
def sound() -> dict[str, Any]:
    """A small sound job map as data."""
    return copy.deepcopy(_SOUND)


@pytest.fixture
def full() -> dict[str, Any]:
    """A job map with every key there is, and an unknown one at every level."""
    return copy.deepcopy(_FULL)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[object], Path]:
    """Write bytes, text or data to ``job.json``."""

    def write_job(content: object) -> Path:
        path = tmp_path / "job.json"
        if not isinstance(content, bytes | str):
            content = json.dumps(content, indent=2)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(errors="surrogatepass"))
        return path

    return write_job
