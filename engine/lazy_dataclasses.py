"""``dataclass`` of the standard library at a tenth of its price at import: for a process that starts, runs one job and ends.

The standard decorator writes and compiles six functions for each class, 0.5 ms a class, most of them never called. This one takes fields,
slots and ``__match_args__`` from it (so that ``fields``, ``replace``, ``asdict`` and ``match`` know the classes), compiles ``__init__``
when more than a few instances are made, and needs no compiler for the rest. For a type checker the two are one and the same. What it saves,
what else was tried and when to drop it: ``docs/decisions/value-classes.md``.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from dataclasses import Field, dataclass

T = TypeVar("T")

__all__ = ["compile_all", "dataclass"]


def _lazy_dataclass(*, frozen: bool = False, slots: bool = False, eq: bool = True, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
    """Return the decorator for the options, which mean what they mean to ``dataclasses.dataclass``."""

    def decorate(plain: type[T]) -> type[T]:
        make = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)
        made: Any = _with_types_unread(plain, make)
        own = vars(plain)
        methods: dict[str, Any] = {"__init__": _first_init(made), "__repr__": _repr}
        if eq:
            methods |= _comparison(made, frozen=frozen)
        if frozen:
            methods |= {"__setattr__": _refuse_setting, "__delattr__": _refuse_deleting}
        if frozen and slots:
            methods |= {"__getstate__": _state, "__setstate__": _set_state}
        for name, method in methods.items():
            if name not in own or own[name] is None:
                setattr(made, name, method)
        return made  # type: ignore[no-any-return]  # the stubs know less of a class made in two steps

    return decorate


def _with_types_unread(plain: Any, make: Callable[[Any], Any]) -> Any:
    """Make the class without each annotation being searched for ``ClassVar`` and its like, where there is none: a third of the time."""
    written = vars(plain).get("__annotations__", {})
    if any(word in text for text in written.values() for word in ("ClassVar", "InitVar", "KW_ONLY")):
        return make(plain)
    plain.__annotations__ = dict.fromkeys(written, _UNREAD)
    made = make(plain)
    plain.__annotations__ = made.__annotations__ = written
    for name, text in written.items():
        made.__dataclass_fields__[name].type = text
    return made


_UNREAD = object()


_FEW = 8
"""Instances that are filled field by field before ``__init__`` is compiled, which costs as much as filling thirty."""


def _first_init(cls: Any) -> Callable[..., None]:
    """Return an ``__init__`` that puts the compiled one in its place once there are more than a few instances, or to refuse arguments."""
    left = _FEW
    _uncompiled[cls] = None

    def first_init(self: Any, /, *args: Any, **kwargs: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0 or not _filled(cls, self, args, kwargs):
            _uncompiled.pop(cls, None)
            cls.__init__ = init = _compiled_init(cls)
            init(self, *args, **kwargs)

    return first_init


_uncompiled: dict[type, None] = {}


def compile_all() -> None:
    """Compile what is left to compile of the classes made so far: for those who watch that nothing is compiled from then on."""
    while _uncompiled:
        cls: Any = _uncompiled.popitem()[0]
        cls.__init__ = _compiled_init(cls)


def _filled(cls: Any, value: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Fill a new value, and return whether that was possible: whether the arguments are those that there are fields for."""
    fields = [each for each in dataclasses.fields(cls) if each.init]
    by_place = [each.name for each in fields if not each.kw_only]
    given = dict(zip(by_place, args, strict=False))
    if len(given) < len(args) or not given.keys().isdisjoint(kwargs):
        return False
    given |= kwargs
    for each in fields:
        if each.name not in given:
            if each.default is not dataclasses.MISSING:
                given[each.name] = each.default
            elif each.default_factory is not dataclasses.MISSING:
                given[each.name] = each.default_factory()
            else:
                return False
    if len(given) > len(fields):
        return False
    fill = object.__setattr__ if cls.__setattr__ is _refuse_setting else setattr
    for each in fields:
        fill(value, each.name, given[each.name])
    return True


def _compiled_init(cls: Any) -> Any:
    fields = [each for each in dataclasses.fields(cls) if each.init]
    by_place, by_name = [each for each in fields if not each.kw_only], [each for each in fields if each.kw_only]
    parameters = ", ".join(["self", *map(_parameter, by_place), *(["*"] if by_name else []), *map(_parameter, by_name)])
    lines = [f"def __init__({parameters}):", *(f"    {line}" for line in _body(cls, fields)), "    return"]
    scope: dict[str, Any] = {"_set": object.__setattr__, "_MISSING": dataclasses.MISSING, "_cls": cls, "_draft": None}
    scope |= {f"_default_{each.name}": each.default for each in fields}
    scope |= {f"_make_{each.name}": each.default_factory for each in fields}
    if "_draft" in "".join(lines):
        scope["_draft"] = type(cls.__name__, (cls,), _AS_IF_NOT_FROZEN)
    exec("\n".join(lines), scope)  # noqa: S102  the names of our own fields, as the standard library does it
    init = scope["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


_MANY = 5
"""Fields from which on a frozen value is filled faster as a draft of itself: by a quarter of the time for fifteen."""

_AS_IF_NOT_FROZEN = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}


def _body(cls: Any, fields: list[Field[Any]]) -> list[str]:
    plainly = [f"self.{each.name} = {_value(each)}" for each in fields]
    if cls.__setattr__ is not _refuse_setting:
        return plainly
    past_the_refusal = [f"_set(self, {each.name!r}, {_value(each)})" for each in fields]
    if len(fields) < _MANY or "__dict__" in dir(cls):
        return past_the_refusal
    as_draft = ["_set(self, '__class__', _draft)", *plainly, "self.__class__ = _cls"]
    return [
        "if self.__class__ is _cls:",
        *(f"    {line}" for line in as_draft),
        "else:",
        *(f"    {line}" for line in past_the_refusal),
    ]


def _parameter(field: Field[Any]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return f"{field.name}=_MISSING"
    return field.name if field.default is dataclasses.MISSING else f"{field.name}=_default_{field.name}"


def _value(field: Field[Any]) -> str:
    if field.default_factory is dataclasses.MISSING:
        return field.name
    return f"_make_{field.name}() if {field.name} is _MISSING else {field.name}"


def _comparison(cls: Any, *, frozen: bool) -> dict[str, Any]:
    names = [each.name for each in dataclasses.fields(cls) if each.compare]
    compared: Callable[[Any], Any] = attrgetter(*names) if names else type

    def equals(self: Any, other: object) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def hash_of(self: Any) -> int:
        return hash(compared(self))

    return {"__eq__": equals, "__hash__": hash_of if frozen else None}


@recursive_repr()
def _repr(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _refuse_setting(_: object, name: str, _value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(_: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in dataclasses.fields(self)]


def _set_state(self: Any, state: Iterable[Any]) -> None:
    for each, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)


if not TYPE_CHECKING:
    dataclass = _lazy_dataclass
