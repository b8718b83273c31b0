"""Workspaces with methods of a few lines: what runs elsewhere than in this process has to be imported there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.catalog.scaffolding import new_namespace, new_task

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def make_workspace(folder: Path, namespace: str, bodies: Mapping[str, str]) -> Path:
    """Make one namespace of these methods, given as the lines of their bodies, and return the folder."""
    new_namespace(folder, namespace)
    code = folder / "task_namespaces" / namespace / "tasks.py"
    for method, lines in bodies.items():
        new_task(folder, namespace, method)
        body = "\n".join(f"        {line}" for line in lines.splitlines())
        code.write_text(code.read_text("utf-8").replace("        return payload\n", f"{body}  # {method}\n"), "utf-8")
    return folder
