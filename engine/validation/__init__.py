"""The rules that a job map keeps: one module for each family, and ``validate`` for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lazy_names import lazy_names

if TYPE_CHECKING:
    from engine.validation.validator import validate
    from engine.validation.whole_file import check_file

__all__ = ["check_file", "validate"]

_NAMES = {"engine.validation.validator": ("validate",), "engine.validation.whole_file": ("check_file",)}
__getattr__, __dir__ = lazy_names(__name__, _NAMES)
