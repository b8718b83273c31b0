"""What is known of readings; nothing of Ephemeral."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def limits_of(country: str, by_country: Mapping[str, Sequence[float]]) -> tuple[float, float]:
    """Return the lowest and the highest reading that is believed in a country.

    Raises:
        LookupError: nothing is known of the country.
    """
    if country not in by_country:
        raise LookupError(f"no limits are known for the country {country}")
    low, high = by_country[country]
    return low, high


def summary(readings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return how many readings there are, of which stations, and their mean; None where there is none."""
    values = [reading["value"] for reading in readings]
    stations = list(dict.fromkeys(reading["station"] for reading in readings))
    return {"stations": stations, "readings": len(values), "mean": fmean(values) if values else None}
