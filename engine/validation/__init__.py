"""The rules that a job map keeps: one module for each family, and ``validate`` for all of them."""

from engine.validation.validator import validate

__all__ = ["validate"]
