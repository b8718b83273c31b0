"""The definition of a method: what a person, a form and the validator need to know of it, read without its code."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from engine.lazy_dataclasses import dataclass
from engine.model.job_map import RunsOn
from engine.model.json_value import NOTHING, JsonObject, JsonValue

if TYPE_CHECKING:
    from collections.abc import Mapping

MethodName: TypeAlias = tuple[str, str]
"""Namespace, dotted, and method."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One field of ``init_args``.

    Attributes:
        type: a data type name: ``string``, ``integer``, ``float``, ``boolean``, ``map``, ``list``, ``list(string)``, ``any``.
        default: what a form starts with where ``has_default``; the task code applies its own default.
        enum: the only values allowed, empty where any is.
        minimum: least number allowed, included.
        maximum: greatest number allowed, included.
        format: ``path`` (to read), ``output-path`` (to write), ``multiline``, or None.
    """

    name: str
    type: str
    required: bool = False
    description: str = ""
    default: JsonValue = None
    has_default: bool = False
    enum: tuple[JsonValue, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    format: str | None = None


@dataclass(frozen=True)
class Definition:
    """A method that a function task may name."""

    namespace: str
    name: str
    description: str
    consumes: tuple[str, ...]
    produces: tuple[str, ...]
    init_args: tuple[Argument, ...] = ()
    title: str | None = None
    runs: RunsOn = RunsOn.LOOP
    fans_out: bool = False
    pure: bool = False
    version: str | None = None
    example: JsonValue = None
    extra: JsonObject = NOTHING

    @property
    def display_title(self) -> str:
        """The title, else the method's name in words: ``split_string`` is ``Split string``."""
        return self.title or self.name.replace("_", " ").capitalize()

    @cached_property
    def arguments(self) -> Mapping[str, Argument]:
        """The fields of ``init_args`` by name."""
        return {argument.name: argument for argument in self.init_args}

    @cached_property
    def free_texts(self) -> frozenset[str]:
        """The names of the arguments that may be any text."""
        texts = (each for each in self.init_args if each.type == "string" and each.format is None and not each.enum)
        return frozenset(each.name for each in texts)
