"""Which numbers of a JSON text Python can keep as they are written."""

from __future__ import annotations


def is_kept_exactly(text: str, value: float) -> bool:
    """Return whether a decimal number, read as ``value``, is written back with the value that its text has."""
    if value == 0:  # underflow; Decimal itself does not know every exponent
        mantissa = text.lower().partition("e")[0]
        return not mantissa.strip("-0.")
    from decimal import Decimal  # noqa: PLC0415  only numbers of many digits need it

    return Decimal(text) == Decimal(repr(value))


def is_readable_integer(text: str) -> bool:
    """Return whether the interpreter's limit on digits lets this integer be read, and so written."""
    try:
        int(text)
    except ValueError:
        return False
    return True


def is_writable_integer(value: int) -> bool:
    """Return whether the interpreter's limit on digits lets this integer be written."""
    try:
        str(value)
    except ValueError:
        return False
    return True
