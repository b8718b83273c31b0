"""Workspaces, packages and definition files for the catalogue's tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from engine.catalog.scaffolding import new_namespace, new_task

if TYPE_CHECKING:
    from pathlib import Path


class WriteDefinition(Protocol):
    """Write a definition file below a folder, a sound one but for the changes; return its path."""

    def __call__(self, folder: Path, place: str, **changes: Any) -> Path: ...


class WriteTasks(Protocol):
    """Write a namespace's ``tasks.py`` with the text below its imports; return its path."""

    def __call__(self, workspace: Path, namespace: str, text: str) -> Path: ...


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "HOME", "APPDATA", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "configuration"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with the method ``geo.clip``, which passes the payload on."""
    folder = tmp_path / "workspace"
    new_namespace(folder, "geo")
    new_task(folder, "geo", "clip")
    return folder


@pytest.fixture
def write_definition() -> WriteDefinition:
    def write(folder: Path, place: str, **changes: Any) -> Path:
        path = folder / f"{place}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        sound = {"name": path.stem, "description": "Does it.", "consumes": ["any"], "produces": ["map"], "init_args": []}
        data = {key: value for key, value in {**sound, **changes}.items() if value is not ...}
        path.write_text(json.dumps(data, indent=1), encoding="utf-8")
        return path

    return write


@pytest.fixture
def write_tasks() -> WriteTasks:
    def write(workspace: Path, namespace: str, text: str) -> Path:
        path = workspace.joinpath("task_namespaces", *namespace.split("."), "tasks.py")
        get_task = "def get_task(task_name, init_args):\n    return make_task_dict()[task_name](init_args)\n"
        path.write_text(f"{text}\n\n{get_task}", encoding="utf-8")
        return path

    return write
