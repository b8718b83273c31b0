"""A workspace of misbehaving tasks, and the command line in this process."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import platformdirs
import pytest

from engine.catalog.scaffolding import new_namespace, new_task
from engine.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

BODIES = {
    "pass_on": "return payload",
    "fail": 'if payload.get("n", 2) == 2: raise ValueError("no \\x1b[31mgood")\n        return payload',
    "give_text": 'return "text"',
    "spread": 'return [{"n": number} for number in range(4)]',
    "make_noise": 'print("noise")\n        return payload',
    "wait": 'import asyncio, sys\n        print("waiting", file=sys.stderr, flush=True)\n        await asyncio.Event().wait()',
    "will_not_end": """import asyncio, sys
        print("waiting", file=sys.stderr, flush=True)
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                print("no", file=sys.stderr, flush=True)""",
    "hold_the_loop": 'import sys, time\n        print("waiting", file=sys.stderr, flush=True)\n        time.sleep(300)',
    "leave_a_thread": "import threading, time\n        threading.Thread(target=time.sleep, args=(300,)).start()\n        return payload",
    "leave_a_call": """import asyncio, time
        asyncio.get_running_loop().run_in_executor(None, time.sleep, 300)
        return payload""",
    "linger": """import asyncio, os, sys
        from engine.tasks import context
        if payload["n"] == 2 and context().attempt == 1:
            print("worker", os.getpid(), file=sys.stderr, flush=True)
            await asyncio.Event().wait()
        return payload""",
    "fail_at_length": 'raise ValueError("begin " + "x" * 50_000_000 + " end")',
    "use_cluster": """from engine.tasks import context
        client = await context().dask_client()
        print("waiting", file=__import__("sys").stderr, flush=True)
        await client.submit(__import__("time").sleep, 60)
        return payload""",
    "use_lost_cluster": "from engine.tasks import context\n        await context().dask_client()",
    "make_array": 'import numpy\n        return {"array": numpy.arange(3.0)}',
}


@dataclass
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def ephemeral(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run the command line in this process."""

    def run(*arguments: object) -> Answer:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Answer(code, out, err)

    return run


@pytest.fixture(autouse=True)
def log_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the user's own log folder out of the tests."""
    folder = tmp_path / "logs"
    monkeypatch.setattr(platformdirs, "user_log_path", lambda *_args, **_options: folder)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return folder


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose namespace ``lab`` has the tasks above."""
    folder = tmp_path_factory.mktemp("workspace")
    new_namespace(folder, "lab")
    for method, body in BODIES.items():
        code, _ = new_task(folder, "lab", method)
        code.write_text(code.read_text().replace("        return payload\n", f"        {body}  # {method}\n"))
    return folder


@pytest.fixture
def job(tmp_path: Path) -> Callable[..., Path]:
    """Write a job map in which the payload goes through the methods of ``lab`` one after another."""

    def write(*methods: str, content: Any = None, policies: Mapping[str, Any] | None = None, **keys: Any) -> Path:
        names = ["in", *methods, "out"]
        functions = [
            {"name": method, "type": "function", "method": method, "namespace": "lab", "consumes": "any", "produces": "map"}
            | ({"policy": policies[method]} if policies and method in policies else {})
            for method in methods
        ]
        data = {
            "name": "Lab job",
            "datasource": {"source": "direct", "content": content or {"input": "x"}},
            "tasks": [{"name": "in", "type": "input"}, *functions, {"name": "out", "type": "output"}],
            "workflow": [list(pair) for pair in itertools.pairwise(names)],
            **keys,
        }
        path = tmp_path / "job.json"
        path.write_text(json.dumps(data, indent=2))
        return path

    return write
