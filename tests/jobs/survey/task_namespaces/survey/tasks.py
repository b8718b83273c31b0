"""The tasks of this namespace, each a closure over its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .library import limits_of, summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.tasks import Closure, Payload, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {
        "each_station": each_station,
        "each_reading": each_reading,
        "to_number": to_number,
        "limits": limits,
        "check": check,
        "summarize": summarize,
    }


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method, closed over its arguments."""
    return make_task_dict()[task_name](init_args)


def each_station(_: Mapping[str, Any]) -> TaskBody:
    """Open a branch for each station."""

    async def run_task(payload: Payload) -> list[Payload]:
        return [dict(station) for station in payload["stations"]]

    return run_task


def each_reading(_: Mapping[str, Any]) -> TaskBody:
    """Open a branch for each reading of a station."""

    async def run_task(payload: Payload) -> list[Payload]:
        return [{"station": payload["station"], "at": at, "text": text} for at, text in enumerate(payload["readings"])]

    return run_task


def to_number(_: Mapping[str, Any]) -> TaskBody:
    """Read the number that a reading was written down as."""

    async def run_task(payload: Payload) -> Payload:
        return {"station": payload["station"], "at": payload["at"], "value": float(payload["text"])}

    return run_task


def limits(init_args: Mapping[str, Any]) -> TaskBody:
    """Look up what readings are believed in the country of a station."""

    async def run_task(payload: Payload) -> Payload:
        low, high = limits_of(payload["country"], init_args["by_country"])
        return {"station": payload["station"], "country": payload["country"], "low": low, "high": high}

    return run_task


def check(_: Mapping[str, Any]) -> TaskBody:
    """Say of a number, joined with the limits of its station, whether it is believed."""

    async def run_task(payload: Payload) -> Payload:
        kept = {key: payload[key] for key in ("station", "country", "at", "value")}
        return {**kept, "believed": payload["low"] <= payload["value"] <= payload["high"]}

    return run_task


def summarize(_: Mapping[str, Any]) -> TaskBody:
    """Count what was collected, and take the mean of it."""

    async def run_task(payload: Payload) -> Payload:
        return summary(payload["items"])

    return run_task
