"""Where a dask cluster listens, as those say it to each other who hold it and who use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CREDENTIALS = ("tls_ca_file", "tls_client_cert", "tls_client_key")
"""What a client needs of a ``distributed.Security``."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cluster listens.

    Attributes:
        address: of the scheduler.
        security: what ``distributed.Security`` takes; readable by nobody but the run and its cluster. Empty where it is as configured.
    """

    address: str
    security: Mapping[str, str]
