"""The exit codes of every command."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the end of a process says; from 65 to 77 as in ``sysexits.h``."""

    DONE = 0
    TASK_FAILED = 1
    USAGE = 2
    BAD_JOB_MAP = 65
    INPUT_MISSING = 66
    BUG = 70
    CANNOT_CREATE = 73
    IO_ERROR = 74
    EXECUTOR_LOST = 75
    NOT_TRUSTED = 77
    INTERRUPTED = 130
    TERMINATED = 143
