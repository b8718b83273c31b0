"""The end of the process that started this one, heard from the operating system."""

from __future__ import annotations

import signal
import sys


def ask_for_signal_at_parents_end(*, to_kill: bool = False) -> None:
    """Let the operating system terminate, or kill, this process when the thread that started it is gone; does nothing but on Linux."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415  not needed elsewhere

        ctypes.CDLL(None).prctl(1, signal.SIGKILL if to_kill else signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG
