"""The files that a run wrote, and which of them may be opened by a click."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Final

MOST_FILES: Final = 200

_PAGES = (".html", ".htm", ".pdf", ".txt", ".md", ".log")
_PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")
_DATA = (".csv", ".tsv", ".json", ".jsonl", ".geojson", ".nc", ".npy", ".parquet", ".xlsx", ".ods")
SHOWN_BY_VIEWERS: Final = frozenset((*_PAGES, *_PICTURES, *_DATA))
"""What a program shows and does not run; anything else is only shown in its folder."""


def written_files(folder: Path | None) -> list[Path]:
    """Return the files in the folder and below, reports first, at most 200; links are left out."""
    if folder is None or not folder.is_dir():
        return []
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(itertools.islice(found, MOST_FILES), key=lambda path: (path.suffix not in (".html", ".htm"), str(path)))


def openable(value: object, folder: Path | None) -> Path | None:
    """Return the file that a value names where a click may open it: a plain file inside the run's output folder, of a kind that is shown.

    Args:
        value: anything from a result; text and paths may name a file, and ``{"$file": ...}`` does.
        folder: the run's output folder.
    """
    named = value.get("$file") if isinstance(value, dict) else value
    if folder is None or not isinstance(named, (str, Path)) or not str(named) or len(str(named)) > 1_000 or "\0" in str(named):
        return None
    root = folder.resolve()
    try:
        path = (root / named).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        return None
    is_inside = path.is_relative_to(root) and path.is_file()
    return path if is_inside and path.suffix.lower() in SHOWN_BY_VIEWERS else None
