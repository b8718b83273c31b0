"""Namespaces of installed packages, found by the entry-point group ``ephemeral.task_namespaces`` without importing the packages.

A package says in its ``pyproject.toml``::

    [project.entry-points."ephemeral.task_namespaces"]
    acme = "acme_tasks.namespaces"

and holds, in the folder of ``acme_tasks.namespaces``: ``definitions/acme/.../<method>.json``, the root ``task_factory.py`` and
``tasks.py``, and ``acme/`` with a ``task_factory.py`` and ``tasks.py`` of its own. The name of the entry point is the one top-level
namespace that it may add.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from engine.catalog.definition_reader import is_name
from engine.catalog.sources import PackageSource

GROUP = "ephemeral.task_namespaces"


def installed_sources() -> tuple[PackageSource, ...]:
    """Return a source for each entry point of the group whose package has a folder, by name."""
    entries = sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value))
    return tuple(source for entry in dict.fromkeys(entries) if (source := _source(entry)) is not None)


def _source(entry: EntryPoint) -> PackageSource | None:
    folder = _folder(entry)
    if folder is None or not is_name(entry.name):
        return None
    title = f"the installed package {entry.dist.name}" if entry.dist else f"the entry point {entry.name}"
    return PackageSource(title, entry.value, folder / "definitions", folder, only=entry.name)


def _folder(entry: EntryPoint) -> Path | None:
    """Return the folder of the package that the entry point names; finding it runs none of the package's code."""
    steps = entry.value.split(".")
    if not all(step.isidentifier() for step in steps):
        return None
    if entry.dist is not None and (folder := Path(str(entry.dist.locate_file("/".join(steps))))).is_dir():
        return folder
    spec = find_spec(steps[0])
    roots = (spec.submodule_search_locations if spec else None) or ()
    return next((folder for root in roots if (folder := Path(root, *steps[1:])).is_dir()), None)
