"""The end of the process that started this one, heard from the operating system."""

from __future__ import annotations

import sys


def ask_for_signal_at_parents_end(number: int) -> None:
    """Let the operating system send a signal when the thread that started this process is gone; does nothing but on Linux."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415  not needed elsewhere

        ctypes.CDLL(None).prctl(1, number, 0, 0, 0)  # PR_SET_PDEATHSIG
