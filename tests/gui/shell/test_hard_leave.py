"""A body that would hold the process does not."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from engine.catalog.installation import JOBS

if TYPE_CHECKING:
    from pathlib import Path

STUBBORN = """
import asyncio, sys, threading
from PySide6.QtCore import QTimer
from ephemeral_gui import app

async def swallow():
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass

show_window = app.show_window
def show(*args, **options):
    window = show_window(*args, **options)
    window.background.start(swallow())
    window.background.start(asyncio.to_thread(threading.Event().wait))
    QTimer.singleShot(0, window.close)
    return window
app.show_window = show
sys.exit(app.run_gui(sys.argv[1]))
"""


def test_that_what_does_not_end_does_not_hold_the_process(tmp_path: Path) -> None:
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-c", STUBBORN, str(JOBS / "simple-example" / "job.json")]
    ended = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=100, check=False)  # noqa: S603  our own text
    assert ended.returncode == 0, ended.stderr
