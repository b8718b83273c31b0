"""The rules that a job map keeps: one module for each family, and ``validate`` for all of them."""

from engine.validation.validator import validate
from engine.validation.whole_file import check_file

__all__ = ["check_file", "validate"]
