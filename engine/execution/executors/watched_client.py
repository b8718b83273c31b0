"""A dask client that says so when it loses its scheduler. Imports ``distributed``: only imported in a thread, where dask is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from distributed import Client
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable


class WatchedClient(Client):
    """A client with a callback for the moment at which its connection breaks, before its futures are cancelled; it connects only once.

    ``distributed`` has no public hook for it; without this one the loss would be seen at the next look at the cluster. What waits for a
    client that connects again would not know what became of its tasks meanwhile, and closing such a client takes as long as connecting.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self.on_disconnect: Callable[[], None] | None = None
        super().__init__(*args, **options)  # type: ignore[no-untyped-call]  # distributed is typed in part

    @override
    async def _reconnect(self) -> None:
        if self.on_disconnect is not None:
            self.on_disconnect()
        self._timeout = 0
        await super()._reconnect()
