"""Adding one entry to the dictionary of a stereotyped file, leaving every other character as it was."""

from __future__ import annotations

import ast

from engine.catalog.stereotype import ShapeError, task_dictionary

_ENTRY_INDENT = " " * 8
_CLOSING_INDENT = " " * 4


def with_entry(source: str, entry: str) -> str:
    """Return the source with an entry at the end of the dictionary that ``make_task_dict`` returns.

    Args:
        source: a ``task_factory.py`` or ``tasks.py``.
        entry: ``"key": value``.

    Raises:
        ShapeError: the source does not have the shape.
    """
    dictionary = task_dictionary(parse(source))
    text = source.encode()
    start, end = _span(text, dictionary)
    inside = text[start + 1 : end - 1]
    if b"\n" in inside:
        last_value_end = _span(text, dictionary.values[-1])[1] if dictionary.values else start + 1
        edited = _in_lines(text, last_value_end, end - 1, entry, empty=not dictionary.values)
    else:
        old = [f"{_segment(text, key)}: {_segment(text, value)}" for key, value in _pairs(dictionary)]
        lines = "".join(f"{_ENTRY_INDENT}{each},\n" for each in (*old, entry))
        edited = text[:start] + f"{{\n{lines}{_CLOSING_INDENT}}}".encode() + text[end:]
    return edited.decode()


def with_function(source: str, function: str) -> str:
    """Return the source with a function at its end."""
    return f"{source.rstrip()}\n\n\n{function.strip()}\n"


def parse(source: str) -> ast.Module:
    """Return the syntax tree of a source.

    Raises:
        ShapeError: it is no Python.
    """
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:  # ValueError: a NUL
        raise ShapeError(f"is no Python: {error}", getattr(error, "lineno", None) or 1) from error


def _in_lines(text: bytes, last_value_end: int, closing: int, entry: str, *, empty: bool) -> bytes:
    """Insert the entry on a line of its own, before the line of the closing brace."""
    behind = text[last_value_end:closing]
    comma = b"" if empty or behind.lstrip().startswith(b",") else b","
    line_start = text.rfind(b"\n", 0, closing) + 1
    if text[line_start:closing].strip():  # the brace closes a line that holds more
        tail = f"\n{_ENTRY_INDENT}{entry},\n{_CLOSING_INDENT}".encode()
        return text[:last_value_end] + comma + behind.rstrip() + tail + text[closing:]
    line = f"{_ENTRY_INDENT}{entry},\n".encode()
    return text[:last_value_end] + comma + text[last_value_end:line_start] + line + text[line_start:]


def _pairs(dictionary: ast.Dict) -> list[tuple[ast.expr, ast.expr]]:
    return [(key, value) for key, value in zip(dictionary.keys, dictionary.values, strict=True) if key is not None]


def _segment(text: bytes, node: ast.expr) -> str:
    start, end = _span(text, node)
    return text[start:end].decode()


def _span(text: bytes, node: ast.expr) -> tuple[int, int]:
    """Return the offsets of a node: the syntax tree counts lines from 1, and columns in bytes."""
    line_starts = [0]
    for line in text.split(b"\n"):
        line_starts.append(line_starts[-1] + len(line) + 1)
    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
    return line_starts[node.lineno - 1] + node.col_offset, line_starts[end_line - 1] + end_column
