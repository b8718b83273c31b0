"""The standard library's ``distutils`` for a moment: NodeGraphQt takes one class of it, and by way of setuptools that costs 0.1 s."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHIM: Final = "_distutils_hack"
"""Where setuptools is installed, this finder imports all of it in place of ``distutils``."""


@contextmanager
def standard_distutils() -> Iterator[None]:
    """Let ``distutils`` be what Python itself has, where it has one; forget it then, as setuptools does not like to find it there."""
    if sys.version_info >= (3, 12) or "distutils" in sys.modules:
        yield
        return
    shims = [finder for finder in sys.meta_path if type(finder).__module__ == _SHIM]
    for shim in shims:
        sys.meta_path.remove(shim)
    try:
        yield
    finally:
        sys.meta_path[:0] = shims  # it wants to be the first
        for name in [name for name in sys.modules if name.partition(".")[0] == "distutils"]:
            del sys.modules[name]
