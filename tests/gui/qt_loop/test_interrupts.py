"""Signals reach Python while Qt waits."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

IDLE = """
import asyncio, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtWidgets import QApplication
from ephemeral_gui.qt_loop import EventLoop
application = QApplication([])
async def idle():
    print("idle", flush=True)
    await asyncio.Event().wait()
"""

RUNNER = """
try:
    with asyncio.Runner(loop_factory=lambda: EventLoop(application)) as runner:
        runner.run(idle())
except KeyboardInterrupt:
    sys.exit(130)
"""

BARE = """
loop = EventLoop(application)
try:
    loop.run_until_complete(idle())
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("ending", [RUNNER, BARE], ids=["under asyncio.Runner", "without a runner"])
def test_that_ctrl_c_is_noticed_while_qt_is_idle(ending: str) -> None:
    program = [sys.executable, "-c", IDLE + ending]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603  our own text
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "idle\n"
            process.send_signal(signal.SIGINT)
            _, complaints = process.communicate(timeout=20)
        finally:
            process.kill()  # else leaving the block waits for it without a limit
    assert process.returncode == 130, complaints
