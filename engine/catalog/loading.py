"""Putting a catalogue together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.catalog.catalog import Catalog
from engine.catalog.sources import WorkspaceSource, builtin_source
from engine.errors import InputMissingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.catalog.sources import Source


def load_catalog(workspace: Path | None = None, *, trust: bool = False) -> Catalog:
    """Return the catalogue of the built-in, the installed and the workspace's methods; no task code is imported.

    Args:
        workspace: a folder with ``definitions/`` and ``task_namespaces/`` of the user's own.
        trust: allow ``load_body`` to import that workspace's code this time, though it was never trusted for good.

    Raises:
        InputMissingError: the workspace is not a folder.
    """
    sources: list[Source] = [builtin_source()]
    if workspace is not None:
        folder = Path(workspace).expanduser().resolve()
        if not folder.is_dir():
            raise InputMissingError(workspace, "the workspace is not a folder")
        sources.append(WorkspaceSource(folder, trust))
    return Catalog(sources, _installed_sources)


def _installed_sources() -> Sequence[Source]:
    from engine.catalog.installed import installed_sources  # noqa: PLC0415  # scanning entry points costs 20 ms

    return installed_sources()
