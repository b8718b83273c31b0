"""Namespaces of installed packages, found by the entry-point group ``ephemeral.task_namespaces`` without importing the packages.

A package says in its ``pyproject.toml``::

    [project.entry-points."ephemeral.task_namespaces"]
    acme = "acme_tasks.namespaces"

and holds, in the folder of ``acme_tasks.namespaces``: ``definitions/acme/.../<method>.json``, the root ``task_factory.py`` and
``tasks.py``, and ``acme/`` with a ``task_factory.py`` and ``tasks.py`` of its own. The name of the entry point is the one top-level
namespace that it may add.
"""

from __future__ import annotations

import logging
from importlib.metadata import Distribution, EntryPoint, distributions
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from engine.catalog.definition_reader import is_name
from engine.catalog.sources import PackageSource

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP = "ephemeral.task_namespaces"

_logger = logging.getLogger(__name__)


def installed_sources() -> tuple[PackageSource, ...]:
    """Return a source for each entry point of the group whose package has a folder, by name; of two alike, the first on ``sys.path``."""
    found: dict[tuple[str, str], PackageSource] = {}
    for entry, distribution in _entries():
        folder = _folder(entry, distribution)
        if folder is not None and is_name(entry.name):
            title = f"the installed package {entry.value.partition('.')[0]}"
            source = PackageSource(title, entry.value, folder / "definitions", folder, only=entry.name)
            found.setdefault((entry.name, entry.value), source)
    return tuple(source for _, source in sorted(found.items(), key=lambda item: item[0]))


def _entries() -> Iterator[tuple[EntryPoint, Distribution]]:
    for distribution in distributions():
        try:
            yield from ((entry, distribution) for entry in distribution.entry_points.select(group=GROUP))
        except Exception as error:  # noqa: BLE001  # anything can stand in the files of other people's packages
            _logger.warning("the entry points of an installed package cannot be read: %s", error)


def _folder(entry: EntryPoint, distribution: Distribution) -> Path | None:
    """Return the folder of the package that the entry point names; finding it runs none of the package's code."""
    steps = entry.value.split(".")
    if not all(step.isidentifier() for step in steps):
        return None
    folder = Path(str(distribution.locate_file("/".join(steps))))
    roots = [] if folder.is_dir() else _search_locations(steps[0])
    return next((each for each in (folder, *(Path(root, *steps[1:]) for root in roots)) if each.is_dir()), None)


def _search_locations(package: str) -> list[str]:
    """Return where an editable package lies, which has no files beside its metadata."""
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):  # ValueError: a module without a spec, such as __main__
        return []
    return list((spec.submodule_search_locations if spec else None) or ())
