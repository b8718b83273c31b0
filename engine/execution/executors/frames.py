"""Messages over a pipe between a run and a worker process: a length, then that many bytes."""

from __future__ import annotations

import struct
import threading
from typing import IO, Any

from engine.execution.executors.wire import packed, unpacked

_LENGTH = struct.Struct("!Q")


class Channel:
    """Both directions of one connection. Several threads may send; one receives."""

    def __init__(self, reading: IO[bytes], writing: IO[bytes]) -> None:
        self._reading = reading
        self._writing = writing
        self._lock = threading.Lock()

    def send(self, *message: Any) -> None:
        """Send a message of plain values.

        Raises:
            OSError: the other side is gone.
        """
        data = packed(message, "message")
        with self._lock:
            self._write(data)

    def send_if_free(self, *message: Any) -> None:
        """Send a short message, or nothing where another thread is sending.

        Raises:
            OSError: the other side is gone.
        """
        if self._lock.acquire(blocking=False):
            try:
                self._write(packed(message, "message"))
            finally:
                self._lock.release()

    def receive(self) -> tuple[Any, ...]:
        """Return the next message.

        Raises:
            EOFError: the other side is gone.
        """
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        message: tuple[Any, ...] = unpacked(self._exactly(length), "message")
        return message

    def close(self) -> None:
        """Close both directions; bytes that were not sent are lost."""
        for pipe in (self._writing, self._reading):
            try:
                pipe.close()
            except OSError:  # the other side is gone already
                continue

    def _write(self, data: bytes) -> None:
        self._writing.write(_LENGTH.pack(len(data)))
        self._writing.write(data)
        self._writing.flush()

    def _exactly(self, length: int) -> bytes:
        try:
            data = self._reading.read(length)
        except (OSError, ValueError) as error:
            raise EOFError from error
        if len(data) < length:
            raise EOFError
        return data
