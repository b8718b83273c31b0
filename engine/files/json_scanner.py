"""A reader of JSON text that finds every flaw, with its place.

It is slower than ``json``: for texts that ``json`` or a quick check has doubts about.
It keeps its own stack, so that no depth of nesting exhausts the interpreter's.
"""

from __future__ import annotations

import re
from dataclasses import field
from json.decoder import (  # type: ignore[attr-defined]  # the stubs do not know scanstring
    JSONDecodeError,
    scanstring,
)
from math import isinf
from typing import TYPE_CHECKING, NoReturn

from engine.files.nesting import DEEPEST_NESTING
from engine.files.numbers import is_kept_exactly, is_readable_integer
from engine.files.places import Lines
from engine.lazy_dataclasses import dataclass
from engine.problems import MOST_PROBLEMS_SHOWN, Problem, pointer_to

if TYPE_CHECKING:
    from engine.model.json_value import JsonValue

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"-?[A-Za-z]+")
_WORDS: dict[str, JsonValue] = {"true": True, "false": False, "null": None}
_NOT_NUMBERS = frozenset({"NaN", "Infinity", "-Infinity"})


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a text holds.

    Attributes:
        value: the value, of duplicate keys the last; None where the text is not JSON.
        problems: every flaw, with its place.
        complete: False where the text is not JSON to its end, so that there is no value.
    """

    value: JsonValue
    problems: tuple[Problem, ...]
    complete: bool = True


def scan(text: str) -> Scanned:
    """Return the value that the text holds and every flaw in it."""
    scanner = _Scanner(text)
    try:
        value = scanner.document()
    except _BrokenError:
        return Scanned(None, tuple(scanner.problems), complete=False)
    return Scanned(value, tuple(scanner.problems))


class _BrokenError(Exception):
    """The text cannot be read on; the problem is noted."""


@dataclass(slots=True)
class _Open:
    """An array or object that is not closed yet."""

    items: list[JsonValue] | None
    members: dict[str, JsonValue] | None
    key: str | None = None  # None where no member has begun yet
    key_offsets: dict[str, int] = field(default_factory=dict)

    @property
    def step(self) -> str | int | None:
        return self.key if self.items is None else len(self.items)

    @property
    def bracket(self) -> str:
        return "}" if self.items is None else "]"

    def close(self) -> JsonValue:
        return self.members if self.items is None else self.items

    def add(self, value: JsonValue) -> None:
        if self.items is not None:
            self.items.append(value)
        elif self.members is not None and self.key is not None:
            self.members[self.key] = value


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = Lines(text)
        self._at = 0
        self._open: list[_Open] = []
        self.problems: list[Problem] = []

    def document(self) -> JsonValue:
        """Return the one value of the text."""
        if not self._peek():
            self._stop("the file is empty", hint="a job map is a JSON object")
        while True:
            if self._enter():
                continue
            done, value = self._leave(self._scalar_or_closed())
            if done:
                break
        if self._peek():
            self._stop("there is something behind the end of the document")
        return value

    def _enter(self) -> bool:
        """Open the container that starts here; False where a scalar or the end of an empty container stands here."""
        char = self._peek()
        if char not in ("{", "["):
            return False
        if len(self._open) == DEEPEST_NESTING:
            self._stop(f"nesting deeper than {DEEPEST_NESTING}", code="too-deep")
        self._at += 1
        self._open.append(_Open(None, {}) if char == "{" else _Open([], None))
        if self._peek() == self._open[-1].bracket:
            return False
        if char == "{":
            self._key()
        return True

    def _scalar_or_closed(self) -> JsonValue:
        if self._open and self._peek() == self._open[-1].bracket and not self._open[-1].close():
            self._at += 1
            return self._open.pop().close()
        return self._scalar()

    def _leave(self, value: JsonValue) -> tuple[bool, JsonValue]:
        """Put the value where it belongs and close what ends behind it; True with the whole where nothing is open any more."""
        while self._open:
            holder = self._open[-1]
            holder.add(value)
            char = self._peek()
            if char == ",":
                self._comma(holder)
                return False, None
            if char != holder.bracket:
                beside = holder.items is not None  # the item before is sound, the next has not begun
                self._stop(f"expected ',' or '{holder.bracket}' here", hint=self._look(), beside=beside)
            self._at += 1
            value = self._open.pop().close()
        return True, value

    def _comma(self, holder: _Open) -> None:
        self._at += 1
        if self._peek() == holder.bracket:
            message = f"expected something between ',' and '{holder.bracket}'"
            self._stop(message, hint="take the last comma away", beside=True)
        if holder.items is None:
            self._key()

    def _key(self) -> None:
        """Read a key and the colon behind it."""
        if self._peek() != '"':
            self._stop("expected a key in double quotes here", hint=self._look(), beside=True)
        start, holder = self._at, self._open[-1]
        holder.key = self._string()
        if holder.key in holder.key_offsets:
            first = self._lines.place(holder.key_offsets[holder.key])
            self._note("duplicate-key", f"duplicate key, first at {first}", start)
        self._check_surrogates(holder.key, start)
        holder.key_offsets.setdefault(holder.key, start)
        if self._peek() != ":":
            self._stop("expected ':' behind the key")
        self._at += 1

    def _scalar(self) -> JsonValue:
        quote = self._peek()
        start = self._at
        if quote == '"':
            text = self._string()
            self._check_surrogates(text, start)
            return text
        if number := _NUMBER.match(self._text, self._at):
            self._at = number.end()
            return self._number(number, start)
        word = _WORD.match(self._text, self._at)
        if word and word[0] in _WORDS:
            self._at = word.end()
            return _WORDS[word[0]]
        if word and word[0] in _NOT_NUMBERS:
            self._note("not-a-number", f"{word[0]} is no JSON number", start)
            self._at = word.end()
            return 0
        return self._stop("expected a value here", hint=self._look())

    def _number(self, match: re.Match[str], start: int) -> JsonValue:
        text = match[0]
        if match[1] is None and match[2] is None:
            if is_readable_integer(text):
                return int(text)
            self._note("number-too-long", f"an integer of {len(text):,} digits is longer than Python reads", start)
            return 0
        value = float(text)
        if isinf(value):
            self._note("number-too-large", f"{_cut(text)} is larger than any number that can be kept", start)
            return 0
        if not is_kept_exactly(text, value):
            hint = f"write {value!r}, which is what would be kept, or write it as a string"
            self._note("inexact-number", f"{_cut(text)} cannot be kept exactly", start, hint)
        return value

    def _string(self) -> str:
        try:
            text, self._at = scanstring(self._text, self._at + 1)
        except JSONDecodeError as error:
            self._at = min(error.pos, max(len(self._text) - 1, 0))
            message = error.msg.removesuffix(" at").removesuffix(": ")
            self._stop(message[:1].lower() + message[1:].replace(" starting", ""))
        return str(text)

    def _check_surrogates(self, text: str, start: int) -> None:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            lone = f"\\u{ord(text[error.start]):04x}"
            self._note("lone-surrogate", f"{lone} is half of a character and stands alone", start)

    def _peek(self) -> str:
        """Return the next character that is no space, ``""`` at the end."""
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _look(self) -> str | None:
        """Return what to try about the text here that does not belong."""
        rest = self._text[self._at : self._at + 2]
        if rest.startswith("'"):
            return "strings stand in double quotes"
        if rest in ("//", "/*") or rest.startswith("#"):
            return "JSON has no comments"
        return None if rest else "the file ends too early"

    def _pointer(self) -> str:
        pointer = pointer_to(*(each.step for each in self._open if each.step is not None))
        return pointer.encode(errors="replace").decode()

    def _note(self, code: str, message: str, offset: int, hint: str | None = None) -> None:
        if len(self.problems) < MOST_PROBLEMS_SHOWN:
            line, column = self._lines.place(offset)
            self.problems.append(Problem(code, message, self._pointer(), line=line, column=column, hint=hint))

    def _stop(self, message: str, *, code: str = "not-json", hint: str | None = None, beside: bool = False) -> NoReturn:
        """Note what keeps the text from being read on; ``beside`` means that no member or item has begun where it stands."""
        del self.problems[MOST_PROBLEMS_SHOWN - 1 :]
        if beside:
            self._open[-1] = _Open(None, {})
        self._note(code, message, self._at, hint)
        raise _BrokenError


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."
