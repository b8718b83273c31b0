"""The JSON values that a job map is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NoReturn, TypeAlias

from engine.overriding import override

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = Mapping[str, JsonValue]


class _EmptyObject(Mapping[str, JsonValue]):
    """Hashable, so that a dataclass takes it as a default (a ``MappingProxyType`` is not before Python 3.12), and picklable."""

    @override
    def __getitem__(self, key: str) -> NoReturn:
        raise KeyError(key)

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(())

    @override
    def __len__(self) -> int:
        return 0

    @override
    def __hash__(self) -> int:
        return 0

    @override
    def __repr__(self) -> str:
        return "{}"

    @override
    def __reduce__(self) -> str:
        return "NOTHING"


NOTHING: JsonObject = _EmptyObject()
"""An empty JSON object that may be shared."""
