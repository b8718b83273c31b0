"""One self-contained HTML page of numbers, pictures and where they come from."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TEMPLATE = Path(__file__).with_name("report.html")
STATISTICS = ("mean", "max", "min")
MADE_WITH = ("xarray", "dask", "matplotlib")


@dataclass(frozen=True, slots=True)
class Findings:
    """What a report tells.

    Attributes:
        introduction: a paragraph below the title.
        notes: a paragraph on how the numbers were made.
        source: ``file``, ``variable``, ``units``, ``period`` (first and last day, or None) and ``grid`` (dimension to length).
        overall: for each of ``STATISTICS`` its ``value``, and for the extremes the place.
        seasons: for each season ``season``, ``season_name``, ``months``, and a number for each of ``STATISTICS``.
        made_by: name of the job.
    """

    title: str
    introduction: str
    notes: str
    source: Mapping[str, Any]
    overall: Mapping[str, Mapping[str, Any]]
    seasons: Sequence[Mapping[str, Any]]
    made_by: str


def write_report(findings: Findings, pictures: Sequence[Path], path: Path) -> None:
    """Write the page; the pictures, one PNG file a season, become part of it.

    Raises:
        OSError: a picture cannot be read, or the page cannot be written.
    """
    page = render(findings, [data_address(picture.read_bytes()) for picture in pictures])
    path.write_text(page, encoding="utf-8")


def render(findings: Findings, pictures: Sequence[str]) -> str:
    """Return the page, all text escaped; the pictures are given as addresses, one a season."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  not at import time: closures are loaded on the event loop

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"number": number_text, "place": place_text}
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    made_with = {name: version(name) for name in MADE_WITH}
    return template.render(**{name: getattr(findings, name) for name in Findings.__slots__}, pictures=pictures, made_with=made_with)


def data_address(picture: bytes) -> str:
    """Return a PNG as a ``data:`` address."""
    return f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}"


def number_text(value: float) -> str:
    """Return a number to two decimals with a true minus sign."""
    return f"{value:.2f}".replace("-", "−")  # noqa: RUF001  the minus sign of typography


def place_text(summary: Mapping[str, Any]) -> str:
    """Return when and where a summary's value is: ``2010-05-16, 4.4°N, 99.2°E``; nothing where it does not say."""
    return ", ".join(_coordinate_text(name, value) for name, value in summary.items() if name not in ("value", "units"))


def _coordinate_text(name: str, value: Any) -> str:
    match name:
        case "time":
            return str(value)
        case "latitude":
            return f"{abs(value):.1f}°{'N' if value >= 0 else 'S'}"
        case "longitude":
            turned = (value + 180) % 360 - 180
            return f"{abs(turned):.1f}°{'E' if turned >= 0 else 'W'}"
        case _:
            return f"{name} {value}"
