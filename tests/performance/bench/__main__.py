"""The benchmark: ``python3 start.py bench [NAME]...`` prints one table, our engine beside others on the same work in one run."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from pathlib import Path

from tests.performance.bench.measuring import measure
from tests.performance.bench.rows import FIGURES, ROWS, wanted
from tests.performance.bench.table import HEAD, figure_line, row_lines


def main(words: list[str]) -> int:
    """Measure what the words name, all without any, and print it as it comes; return the exit code: 2 for a word that names nothing."""
    strangers = [word for word in words if not wanted([word], [*ROWS, *FIGURES])]
    if strangers:
        say(f"there is no benchmark {', '.join(strangers)}; there are {', '.join([*ROWS, *FIGURES])}")
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    logging.disable(logging.ERROR)  # what goes wrong with the work is raised; what rivals say of their own ends is not the table
    rows, figures = wanted(words, ROWS), wanted(words, FIGURES)
    if rows:
        say(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        for name in rows:
            with ROWS[name](Path(folder)) as row:
                say("\n".join(row_lines(measure(row))))
    for name in figures:
        for figure in FIGURES[name]():
            say(figure_line(figure))
    return 0


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  the table is what it is for


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
