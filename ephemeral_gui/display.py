"""Whether a window can be shown here; Qt itself aborts the process where it cannot."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from contextlib import closing

NO_DISPLAY = "there is no display to open a window on. Set DISPLAY or WAYLAND_DISPLAY, or run the job without a window: ephemeral run MAP"
NO_LIBRARY = (
    "Qt needs the library {name} to open a window. On Debian or Ubuntu: apt-get install libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1"
    " libxcb-xkb1 libxkbcommon-x11-0 libxcb-randr0 libxcb-shape0 libxcb-xfixes0 libxcb-sync1 libx11-xcb1"
)
X11_LIBRARIES = ("libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-keysyms.so.1", "libxkbcommon-x11.so.0")
CONNECT_SECONDS = 2.0


def why_no_window() -> str | None:
    """Return why no window can be shown here and what to do about it; None where one can."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return None
    if os.environ.get("WAYLAND_DISPLAY"):
        return None
    display = os.environ.get("DISPLAY", "")
    if not display:
        return NO_DISPLAY
    if not _answers(display):
        return f"the display {display} does not answer. Check DISPLAY, or run the job without a window: ephemeral run MAP"
    missing = next((name for name in X11_LIBRARIES if not _is_installed(name)), None)
    return None if missing is None else NO_LIBRARY.format(name=missing)


def _answers(display: str) -> bool:
    """Return whether an X server listens at ``host:number.screen``; an address of another form is left to Qt."""
    host, colon, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not colon or not number.isdigit():
        return True
    if host in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"  # noqa: S108  where X servers listen, by their protocol
        return any(_connects(socket.AF_UNIX, prefix + path) for prefix in ("\0", ""))
    try:
        with closing(socket.create_connection((host, 6000 + int(number)), timeout=CONNECT_SECONDS)):
            return True
    except OSError:
        return False


def _connects(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family) as tried:
        tried.settimeout(CONNECT_SECONDS)
        return tried.connect_ex(address) == 0


def _is_installed(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
