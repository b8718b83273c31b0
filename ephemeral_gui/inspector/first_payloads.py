"""The first payloads of a datasource, read by a process of their own: a large file of JSON holds the interpreter that reads it.

This module imports nothing of Qt: it is what that process runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.model.job_map import Datasource, JobMap, from_file
from ephemeral_gui.inspector.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_PAYLOADS: Final = 5
MOST_CHARACTERS: Final = 600
"""Of one payload."""

_BOOT: Final = "import sys, json; sys.path[:] = json.loads(sys.argv.pop()); from ephemeral_gui.inspector.first_payloads import main; main()"


class FirstPayloads(NamedTuple):
    """What was read.

    Attributes:
        texts: of each payload its JSON text, or the beginning of it: one character more than is to be shown.
        has_more: there are others behind them.
        error: why there are none.
    """

    texts: list[str]
    has_more: bool = False
    error: str = ""


def first_payloads(job_map: JobMap) -> FirstPayloads:
    """Return the first payloads, or why there are none to be shown; may block for as long as the file does."""
    if job_map.datasource.source == "direct":  # nothing is read
        return _read(job_map)
    path = job_map.origin.path
    asked = {"source": job_map.datasource.source, "options": job_map.datasource.options, "path": None if path is None else str(path)}
    try:
        answer = _answered(json.dumps(asked, default=dict).encode())
    except (OSError, ValueError, TypeError) as error:  # no process to be had; a value that no file holds
        return FirstPayloads([], error=str(error) or type(error).__name__)
    return FirstPayloads(**json.loads(answer)) if answer else FirstPayloads([], error="The process that reads it has ended.")


def _answered(request: bytes) -> bytes:
    """Return what a process of its own answers, nothing where it ended before."""
    command = [sys.executable, "-P", "-c", _BOOT, json.dumps(sys.path, default=str)]
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=hidden) as process:  # noqa: S603  our own
        assert process.stdin is not None  # noqa: S101  both are pipes, as was asked
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(request + b"\n")
        process.stdin.flush()  # and stays open: its end tells the process that nobody waits any more
        return process.stdout.read()


def main() -> None:
    """Answer the one request on standard input, or end where that does."""
    request: Mapping[str, object] = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    path = request["path"]
    asked = JobMap("", Datasource(str(request["source"]), dict(request["options"])))  # type: ignore[call-overload]  # as it was written
    found = _read(from_file(asked, None if path is None else Path(str(path)), None))
    sys.stdout.buffer.write(json.dumps(found._asdict()).encode())
    sys.stdout.buffer.flush()
    os._exit(0)  # the thread that waits for the end of the input cannot be ended otherwise


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _read(job_map: JobMap) -> FirstPayloads:
    from engine.execution.datasources import open_datasource  # noqa: PLC0415  not needed before somebody asks

    try:
        found = list(islice(open_datasource(job_map).read(), MOST_PAYLOADS + 1))
        texts = [json_text(payload, indent=None)[: MOST_CHARACTERS + 1] for payload in found[:MOST_PAYLOADS]]
    except Exception as error:  # noqa: BLE001  whatever a file does to its reader is said, and ends nothing
        return FirstPayloads([], error=str(error) or type(error).__name__)
    return FirstPayloads(texts, has_more=len(found) > MOST_PAYLOADS)
