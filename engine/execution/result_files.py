"""Values of results that JSON has no form for but a file has: arrays, datasets and tables.

Their libraries are recognised where task code has imported them, and never imported from here.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DANGEROUS_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class FileForm:
    """How values of one type are written.

    Attributes:
        type_name: the public name of the type.
        suffix: of the file.
        write: writes a value to a path; raises whatever its library raises where it cannot.
    """

    type_name: str
    suffix: str
    write: Callable[[Any, Path], None]


def file_form(value: object) -> FileForm | None:
    """Return how the value is written to a file, None where it is not of a type that has a form."""
    for library, type_name, form in _FORMS:
        kind = getattr(sys.modules.get(library), type_name, None)
        if isinstance(kind, type) and isinstance(value, kind):
            return form
    return None


def escaped_cell(value: object) -> object:
    """Return a cell so that no spreadsheet takes it for a formula (as OWASP advises): with ``'`` before a text that would be one.

    Numbers stay as they are. A text is read back without loss by taking one leading ``'`` off.
    """
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith((*_DANGEROUS_STARTS, "'")) else value


def _write_array(array: Any, path: Path) -> None:
    numpy = sys.modules["numpy"]
    if isinstance(array, numpy.ma.MaskedArray):
        raise TypeError("the file would not hold the mask")
    with path.open("wb") as stream:
        numpy.save(stream, array, allow_pickle=False)


def _write_dataset(dataset: Any, path: Path) -> None:
    dataset.to_netcdf(path)


def _write_series(series: Any, path: Path) -> None:
    _write_table(series.to_frame(), path)


def _write_table(table: Any, path: Path) -> None:
    escaped = table.copy()
    for number, kind in enumerate(table.dtypes):
        if getattr(kind, "kind", "O") not in "biufcmM":  # numbers, truth values and times begin with nothing dangerous
            escaped.isetitem(number, table.iloc[:, number].astype(object).map(escaped_cell))
    escaped.index = table.index.map(_escaped_label)
    escaped.columns = table.columns.map(_escaped_label)
    escaped.to_csv(path, encoding="utf-8")


def _escaped_label(label: object) -> object:
    return tuple(escaped_cell(part) for part in label) if isinstance(label, tuple) else escaped_cell(label)


_FORMS = (
    ("numpy", "ndarray", FileForm("numpy.ndarray", ".npy", _write_array)),
    ("xarray", "DataArray", FileForm("xarray.DataArray", ".nc", _write_dataset)),
    ("xarray", "Dataset", FileForm("xarray.Dataset", ".nc", _write_dataset)),
    ("pandas", "DataFrame", FileForm("pandas.DataFrame", ".csv", _write_table)),
    ("pandas", "Series", FileForm("pandas.Series", ".csv", _write_series)),
)
