"""NodeGraphQt is imported without setuptools, and leaves nothing behind that setuptools would complain of."""

from __future__ import annotations

import subprocess
import sys

_LOOK = """
import sys, warnings
warnings.simplefilter("error")
finders = sys.meta_path[:]
import ephemeral_gui.canvas.node_graph_qt
assert sys.meta_path == finders, sys.meta_path
if sys.version_info < (3, 12):
    assert "setuptools" not in sys.modules
    assert "distutils" not in sys.modules
"""


def test_that_node_graph_qt_is_imported_without_setuptools() -> None:
    done = subprocess.run([sys.executable, "-c", _LOOK], capture_output=True, text=True, check=False)  # noqa: S603  our own text
    assert done.returncode == 0, done.stderr
