"""Files of installed packages of sample data, found without importing them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

PACKAGES = (("iris_sample_data", "sample_data", "iris-sample-data"),)
"""Import name, folder in it, and name to install it by, of each package that is looked in."""


def sample_folders() -> list[Path]:
    """Return the folders of sample files that are installed."""
    return [folder for package, inside, _ in PACKAGES for folder in _folders(package, inside) if folder.is_dir()]


def sample_names() -> list[str]:
    """Return the names of all samples that are installed, sorted: paths below their folder, with ``/``."""
    return sorted(path.relative_to(folder).as_posix() for folder in sample_folders() for path in folder.rglob("*") if path.is_file())


def find_sample(name: str) -> Path | None:
    """Return the path of the sample of that name, None where no package has it."""
    if "\0" in name or Path(name).is_absolute() or ".." in Path(name).parts:
        return None
    return next((folder / name for folder in sample_folders() if (folder / name).is_file()), None)


def _folders(package: str, inside: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    return [] if spec is None else [Path(place) / inside for place in spec.submodule_search_locations or ()]
