"""Looks into files of data before anybody reads them.

Run as a script, ``python -I file_inspection.py``, in a process that may hang, crash or want all memory. It is asked by a line of JSON on
standard input for each file, its path, and answers each by a line on standard output: null where the file may be read, else the reason why
not. A file of HDF5, as which NetCDF files mostly come, can make the library that reads it read other files and answer with what they hold;
and a spoiled one can make it hang or crash.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 20
"""Of the processor's time, for one file."""
MEMORY = 4 * 2**30
"""Bytes of address space."""
LARGE = 2**28
"""Bytes of one coordinate, from which on it must be believable that the file holds them."""
LEADS_TO = "\N{RIGHTWARDS ARROW}"
"""Stands in the reasons that name another file."""
BELIEVABLE = 1_000
"""How many times larger than its file a coordinate may be."""


def limit_this_process() -> None:
    """Let the system end this process before it takes the machine's time and memory; where it cannot, whoever waits for it will."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  Windows has none

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def limit_next_file() -> None:
    """Give the next file its share of the processor's time, where the system can end a process for that."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  Windows has none

        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + SECONDS, most))


def reason_against(path: str) -> str | None:
    """Return why a file may not be read; None where it may."""
    import h5py  # noqa: PLC0415  after the limits are set

    try:
        if h5py.is_hdf5(path):
            with h5py.File(path, "r", locking=False) as file:
                found = next(flaws(file, Path(path).stat().st_size), None)
            if found is not None:
                return found
        read_through(path)
    except MemoryError:
        return "it wants more memory than there is"
    except Exception as error:  # noqa: BLE001  whatever a spoiled file does to its reader is the reason
        return f"{error}" or type(error).__name__
    return None


def flaws(file: Any, size: int) -> Iterator[str]:
    """Yield what in an open HDF5 file leads to other files, and what pretends to be larger than can be; nothing is followed or read."""
    import h5py  # noqa: PLC0415

    links: list[tuple[str, Any]] = []
    file.visititems_links(lambda name, link: links.append((name, link)) if isinstance(link, h5py.ExternalLink) else None)
    for name, link in links:
        yield f'link "{name}": another file {LEADS_TO} {link.filename}'
    datasets: list[Any] = []
    file.visititems(lambda _, found: datasets.append(found) if isinstance(found, h5py.Dataset) else None)
    for dataset in datasets:
        made = dataset.id.get_create_plist()
        name = dataset.name.lstrip("/")
        if made.get_external_count():
            yield f'dataset "{name}": external storage {LEADS_TO} {os.fsdecode(made.get_external(0)[0])}'
        elif made.get_layout() == h5py.h5d.VIRTUAL:
            sources = [os.fsdecode(made.get_virtual_filename(number)) for number in range(made.get_virtual_count())]
            yield from (f'dataset "{name}": virtual {LEADS_TO} {source}' for source in sources if source != ".")
        else:
            yield from _inflated(dataset, name, size)


def _inflated(dataset: Any, name: str, size: int) -> Iterator[str]:
    """Coordinates are read as soon as a file is opened, so they must be true; other data is read in parts."""
    shape = dataset.id.get_space().get_simple_extent_dims()
    wanted = math.prod(shape) * dataset.id.get_type().get_size()
    if len(shape) == 1 and wanted > max(LARGE, BELIEVABLE * size):
        yield f'dataset "{name}": {wanted:,} bytes are said to be in a file of {size:,}'


def read_through(path: str) -> None:
    """Read what is read when the file is opened: all names and attributes, and the coordinates.

    Raises:
        OSError, RuntimeError, ValueError: it cannot be read.
    """
    import netCDF4  # noqa: PLC0415  after the limits are set

    with netCDF4.Dataset(path) as dataset:
        groups = [dataset]
        while groups:
            group = groups.pop()
            groups += group.groups.values()
            for variable in group.variables.values():
                variable.set_auto_maskandscale(False)
                for name in variable.ncattrs():
                    variable.getncattr(name)
                if variable.dimensions == (variable.name,):
                    variable[:]


if __name__ == "__main__":
    limit_this_process()
    for asked in sys.stdin:
        limit_next_file()
        print(json.dumps(reason_against(json.loads(asked))), flush=True)  # noqa: T201  the answer
