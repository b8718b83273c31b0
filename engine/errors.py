"""The exceptions that leave the engine.

EphemeralError
├── JobMapError          the job map is not one that can run; carries every problem      (exit 65)
├── InputMissingError    a file or folder to read is not there or cannot be read         (exit 66)
├── OutputError          something that must be written cannot be created               (exit 73)
├── FileWriteError       reading or writing failed midway                                (exit 74)
├── ExecutorLostError    the cluster or worker pool is gone and did not come back        (exit 75)
└── NotTrustedError      a workspace would have to be imported that the user never trusted (exit 77)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.problems import Problem


class EphemeralError(Exception):
    """Any error that a caller of the engine can act upon."""


class JobMapError(EphemeralError):
    """The job map cannot run; ``problems`` says everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem], *, file: str | None = None) -> None:
        self.problems = tuple(problems)
        self.file = file
        super().__init__("\n".join(problem.describe(file) for problem in self.problems))


class InputMissingError(EphemeralError):
    """A file or folder to read does not exist or cannot be read."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}: {reason}")


class OutputError(EphemeralError):
    """A file or folder cannot be created."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}: {reason}")


class FileWriteError(EphemeralError):
    """Reading or writing a file failed after it was opened; the file's former bytes are kept."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}: {reason}")


class ExecutorLostError(EphemeralError):
    """The executor that ran task bodies is gone."""


class NotTrustedError(EphemeralError):
    """A workspace holds task code that the user has not trusted."""

    def __init__(self, workspace: Path | str) -> None:
        self.workspace = workspace
        super().__init__(f"the workspace {workspace} is not trusted: its task code has not been loaded")
