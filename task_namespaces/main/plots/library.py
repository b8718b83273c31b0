"""Maps of fields, drawn with matplotlib's figure objects: no global state, so any thread or worker may draw.

matplotlib is imported where a map is drawn: it takes about a second.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

INK = "#1b1e22"
FAINT_INK = "#616973"
NO_DATA = "#d9dde1"
PAPER = "#ffffff"

PLACE = r"\{(\w+)\}"
"""A name in braces in a template."""


@dataclass(frozen=True, slots=True)
class MapStyle:
    """How a map looks.

    Attributes:
        title: set in bold above the map.
        subtitle: set beside the title, fainter.
        label: what the colours mean, without the unit.
        colour_map: name of one of matplotlib's colour maps.
        value_range: least and greatest value of the colour bar; None for those of the field.
    """

    title: str = ""
    subtitle: str = ""
    label: str = ""
    colour_map: str = "inferno"
    value_range: tuple[float, float] | None = None


def draw_map(field: xarray.DataArray, style: MapStyle) -> bytes:
    """Return a map of a field in memory as PNG: its last two dimensions upwards and to the right, missing places grey.

    Raises:
        ValueError: the field has not two dimensions, or there is no such colour map.
    """
    if field.ndim != 2:
        raise ValueError(f"a map needs a field of two dimensions, this one has {field.ndim}: {', '.join(map(str, field.dims))}")
    from matplotlib.figure import Figure  # noqa: PLC0415  see the top of this file

    figure = Figure(figsize=(10, 2.55), dpi=150, facecolor=PAPER, layout="constrained")
    axes = figure.add_subplot()
    colours = axes.pcolormesh(*_coordinates(field), field.values, **_colouring(style), rasterized=True)
    _label_axes(axes, field)
    _add_titles(axes, style)
    _add_colour_bar(figure, axes, colours, style, str(field.attrs.get("units", "")))
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def filled_in(template: str, values: Mapping[str, Any]) -> str:
    """Return a template with each ``{name}`` replaced by the text or number of that name.

    Raises:
        ValueError: there is none of that name.
    """
    known = {name: str(value) for name, value in values.items() if isinstance(value, (str, int, float))}
    unknown = [name for name in re.findall(PLACE, template) if name not in known]
    if unknown:
        raise ValueError(f"there is nothing to put in for {{{unknown[0]}}}; there are {', '.join(known) or 'none'}")
    return re.sub(PLACE, lambda match: known[match[1]], template)


def both_ends(values: Sequence[float]) -> tuple[float, float]:
    """Return a range given as a list.

    Raises:
        ValueError: it is not two numbers, the lower one first.
    """
    if len(values) != 2 or not values[0] < values[1]:
        raise ValueError(f"a range is two numbers, the lower one first; got {list(values)}")
    return values[0], values[1]


def _coordinates(field: xarray.DataArray) -> tuple[Any, Any]:
    rows, columns = field.dims
    return field[columns].values, field[rows].values


def _colouring(style: MapStyle) -> dict[str, Any]:
    low, high = style.value_range or (None, None)
    return {"cmap": style.colour_map, "vmin": low, "vmax": high}


def _label_axes(axes: Axes, field: xarray.DataArray) -> None:
    axes.set_facecolor(NO_DATA)
    axes.tick_params(colors=FAINT_INK, labelsize=8, length=3, width=0.6)
    axes.spines[:].set_color(NO_DATA)
    for axis, name in zip((axes.yaxis, axes.xaxis), field.dims, strict=True):
        _label_axis(axis, field, str(name))


def _label_axis(axis: Axis, field: xarray.DataArray, name: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415  see the top of this file

    letters = {"latitude": "NS", "longitude": "EW"}.get(field[name].attrs.get("standard_name", ""))
    if letters is None:
        axis.set_label_text(name, fontsize=8, color=FAINT_INK)
        return
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 3, 4.5, 6, 9, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _degrees(value, letters)))


def _degrees(value: float, letters: str) -> str:
    """60°E for 60 and 60°W for 300; 4°S for -4; 0° and 180° without a letter."""
    turned = (value + 180) % 360 - 180 if letters == "EW" else value
    if turned in (0, 180, -180):
        return f"{abs(turned):g}°"
    return f"{abs(turned):g}°{letters[0] if turned > 0 else letters[1]}"


def _add_titles(axes: Axes, style: MapStyle) -> None:
    axes.set_title(style.title, loc="left", fontsize=11, fontweight="bold", color=INK, pad=8)
    axes.set_title(style.subtitle, loc="right", fontsize=8.5, color=FAINT_INK, pad=8)


def _add_colour_bar(figure: Figure, axes: Axes, colours: Any, style: MapStyle, units: str) -> None:
    bar = figure.colorbar(colours, ax=axes, pad=0.015, aspect=14)
    bar.set_label(f"{style.label} ({units})" if units else style.label, fontsize=8.5, color=INK)
    bar.ax.tick_params(colors=FAINT_INK, labelsize=8, length=3, width=0.6)
    bar.outline.set_visible(False)
