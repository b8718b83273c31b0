"""The JSON values that a job map is made of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

JsonValue: TypeAlias = "None | bool | int | float | str | list[JsonValue] | dict[str, JsonValue]"
JsonObject: TypeAlias = Mapping[str, JsonValue]

NOTHING: JsonObject = MappingProxyType({})
"""An empty JSON object that may be shared."""
