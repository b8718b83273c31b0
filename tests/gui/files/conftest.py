"""Faults at the outermost seam of a save: the calls of ``os`` that write, sync, rename and make files."""

from __future__ import annotations

import contextlib
import os
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALLS = ("open", "write", "fsync", "fchmod", "replace")


@dataclass
class Faults:
    """Makes the n-th of those calls in this thread fail, once; remembers which calls there were and which one failed."""

    at: int
    code: int
    is_short: bool = False
    """A write that fails has written half of its bytes before."""
    seen: list[str] = field(default_factory=list)
    hit: str | None = None

    @contextlib.contextmanager
    def injected(self) -> Iterator[Faults]:
        thread = threading.current_thread()
        real = {name: getattr(os, name) for name in CALLS}
        for name in CALLS:
            setattr(os, name, self._spoiled(name, real[name], thread))
        try:
            yield self
        finally:
            for name in CALLS:
                setattr(os, name, real[name])

    def _spoiled(self, name: str, call: Callable[..., Any], thread: threading.Thread) -> Callable[..., Any]:
        def spoiled(*arguments: Any, **options: Any) -> Any:
            if threading.current_thread() is not thread:
                return call(*arguments, **options)
            self.seen.append(name)
            if len(self.seen) != self.at:
                return call(*arguments, **options)
            self.hit = name
            if name == "write" and self.is_short:
                call(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            raise OSError(self.code, os.strerror(self.code))

        return spoiled


@pytest.fixture
def faults() -> type[Faults]:
    """Faults to inject."""
    return Faults
