"""Which workspaces the user trusts for good: a list of folders in the user's configuration, readable by the user alone."""

from __future__ import annotations

import json
from pathlib import Path

from engine.errors import EphemeralError, OutputError
from engine.files.atomic import write_atomically
from engine.files.strict_json import read_json_file

FILE_NAME = "trusted-workspaces.json"


def is_trusted(folder: Path) -> bool:
    """Return whether the user once trusted this very folder for good."""
    return str(Path(folder).resolve()) in _trusted_folders()


def trust(folder: Path) -> None:
    """Remember that the user trusts the task code in a folder.

    Raises:
        OutputError: the user's configuration cannot be written.
    """
    _write(sorted({*_trusted_folders(), str(Path(folder).resolve())}))


def distrust(folder: Path) -> None:
    """Forget that the user trusts a folder.

    Raises:
        OutputError: the user's configuration cannot be written.
    """
    _write(sorted({*_trusted_folders()} - {str(Path(folder).resolve())}))


def _file() -> Path:
    from platformdirs import user_config_path  # noqa: PLC0415  # only a workspace needs it

    return user_config_path("ephemeral", appauthor=False) / FILE_NAME


def _trusted_folders() -> frozenset[str]:
    """Return the folders on the list; an unreadable list trusts nothing."""
    try:
        document = read_json_file(_file())
    except EphemeralError:
        return frozenset()
    folders = document.value if isinstance(document.value, list) and not document.problems else []
    return frozenset(folder for folder in folders if isinstance(folder, str))


def _write(folders: list[str]) -> None:
    file = _file()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.chmod(0o600)
    except OSError as error:
        raise OutputError(file, f"cannot be written: {error.strerror or error}") from error
    write_atomically(file, f"{json.dumps(folders, indent=2)}\n".encode())
