"""Our ``dataclass`` beside the standard library's: the same class body under both has to behave alike."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import field
from functools import cached_property
from typing import Any, ClassVar

import pytest

from engine import lazy_dataclasses
from engine.lazy_dataclasses import dataclass
from engine.model.job_map import Task, TaskType
from engine.problems import Problem


def _classes(decorator: Any) -> dict[str, type]:
    @decorator(frozen=True, slots=True)
    class Base:
        """What is shared."""

        kind: ClassVar[str]
        number: int

    @decorator(frozen=True, slots=True)
    class Value(Base):
        """All sorts of fields."""

        kind: ClassVar[str] = "value"
        name: str = "none"
        items: list[int] = field(default_factory=list)
        aside: str = field(default="hidden", compare=False, repr=False)

    @decorator(slots=True)
    class Changing:
        """One that may be changed."""

        number: int
        name: str = ""

    @decorator(frozen=True)
    class Cached:
        """One with a dictionary of its own."""

        number: int

        @cached_property
        def double(self) -> int:
            return 2 * self.number

    @decorator(frozen=True, slots=True, kw_only=True)
    class Named:
        """One that takes names alone."""

        first: int
        second: int = 2

    @decorator(frozen=True, slots=True, eq=False)
    class Alone:
        """One that equals nothing else."""

        number: int

    @decorator(frozen=True, slots=True)
    class Wide:
        """One of many fields."""

        a: int
        b: int
        c: int
        d: int
        e: int
        f: int
        g: list[int] = field(default_factory=list)

    return {each.__name__: each for each in (Base, Value, Changing, Cached, Named, Alone, Wide)}


@pytest.fixture(params=[(dataclass, 8), (dataclass, 0), (dataclasses.dataclass, 0)], ids=["ours", "ours compiled", "standard"])
def classes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The same classes made by each of the two decorators, ours before and after it compiles: what holds of the one holds of the other."""
    decorator, few = request.param
    monkeypatch.setattr(lazy_dataclasses, "_FEW", few)
    return _classes(decorator)


def test_that_fields_are_taken_by_place_and_name_with_their_defaults(classes: dict[str, Any]) -> None:
    value = classes["Value"](1, items=[2])
    assert (value.number, value.name, value.items, value.aside, value.kind) == (1, "none", [2], "hidden", "value")
    assert classes["Value"](1).items is not classes["Value"](1).items


def test_that_a_call_that_does_not_fit_is_refused_at_each_time(classes: dict[str, Any]) -> None:
    for _ in range(2):
        with pytest.raises(TypeError, match=r"__init__\(\) missing 1 required positional argument: 'number'"):
            classes["Value"]()
        with pytest.raises(TypeError, match=r"__init__\(\) got an unexpected keyword argument 'other'"):
            classes["Value"](1, other=2)
        with pytest.raises(TypeError, match=r"got multiple values for argument 'number'"):
            classes["Value"](1, number=2)
        with pytest.raises(TypeError, match=r"takes 1 positional argument"):
            classes["Named"](1)
    assert classes["Named"](first=1).second == 2


def test_that_equality_and_hash_follow_the_compared_fields(classes: dict[str, Any]) -> None:
    value, base, alone = classes["Value"], classes["Base"], classes["Alone"]
    assert value(1, "a", aside="b") == value(1, "a", aside="c")
    assert value(1, "a") != value(2, "a")
    assert base(1) != value(1)
    assert hash(base(1)) == hash(base(1))
    assert alone(1) != alone(1)
    assert len({alone(1), alone(1)}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(classes["Changing"](1))
    with pytest.raises(TypeError, match="unhashable"):
        hash(value(1))  # its list is none


def test_that_a_frozen_value_refuses_to_be_changed(classes: dict[str, Any]) -> None:
    value = classes["Value"](1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'number'"):
        value.number = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'number'"):
        del value.number
    changing = classes["Changing"](1)
    changing.number = 3
    assert changing.number == 3
    with pytest.raises(AttributeError):
        changing.other = 1


def test_that_a_frozen_value_may_work_out_a_property_once(classes: dict[str, Any]) -> None:
    assert classes["Cached"](4).double == 8
    assert classes["Cached"](4) == classes["Cached"](4)


def test_that_the_tools_of_the_standard_library_know_the_classes(classes: dict[str, Any]) -> None:
    value = classes["Value"](1, "a", [3])
    assert [each.name for each in dataclasses.fields(value)] == ["number", "name", "items", "aside"]
    assert dataclasses.asdict(value) == {"number": 1, "name": "a", "items": [3], "aside": "hidden"}
    assert dataclasses.replace(value, name="b") == classes["Value"](1, "b", [3])
    assert repr(value).endswith("Value(number=1, name='a', items=[3])")
    match value:
        case classes_value if type(classes_value).__match_args__ == ("number", "name", "items", "aside"):
            pass
        case _:
            pytest.fail("its fields cannot be matched by place")
    assert copy.deepcopy(value) == value


def test_that_slots_leave_no_dictionary(classes: dict[str, Any]) -> None:
    assert not hasattr(classes["Value"](1), "__dict__")
    assert classes["Value"].__slots__ == ("name", "items", "aside")


def test_that_values_of_one_class_are_alike_from_the_first_to_many(classes: dict[str, Any]) -> None:
    values = [classes["Value"](1, items=[number]) for number in range(20)]
    assert [each.items for each in values] == [[number] for number in range(20)]
    assert len({(each.number, each.name, each.aside) for each in values}) == 1


def test_that_the_signature_is_told_once_there_are_some_instances(classes: dict[str, Any]) -> None:
    for number in range(9):
        classes["Base"](number)
    assert list(inspect.signature(classes["Base"]).parameters) == ["number"]


def test_that_nothing_is_left_to_compile_once_all_is_compiled() -> None:
    made = _classes(dataclass)["Value"]
    lazy_dataclasses.compile_all()
    compiled = vars(made)["__init__"]
    for number in range(20):
        assert made(number).items == []
    assert vars(made)["__init__"] is compiled


def test_that_a_value_of_many_fields_is_as_frozen_and_a_class_of_its_own(classes: dict[str, Any]) -> None:
    wide = classes["Wide"](1, 2, 3, 4, 5, 6)
    assert type(wide) is classes["Wide"]
    assert dataclasses.astuple(wide) == (1, 2, 3, 4, 5, 6, [])
    with pytest.raises(dataclasses.FrozenInstanceError):
        wide.a = 2

    class Derived(classes["Wide"]):  # type: ignore[misc, name-defined, valid-type]  # made by either decorator
        """One with a dictionary, and without a decorator."""

    derived = Derived(1, 2, 3, 4, 5, 6)
    assert (type(derived), derived.f) == (Derived, 6)
    with pytest.raises(dataclasses.FrozenInstanceError):
        derived.a = 2


def test_that_values_of_the_engine_go_through_a_pickle() -> None:
    task = Task("a", TaskType.INPUT)
    problem = Problem("code", "message", "/tasks/0", line=1)
    again = pickle.loads(pickle.dumps((task, problem)))  # noqa: S301  what this test made itself
    assert again == (task, problem)
    assert again[0].key == task.key
