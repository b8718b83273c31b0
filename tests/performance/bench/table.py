"""The table as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.performance.bench.measuring import FLOOR, ON_QT, OURS

if TYPE_CHECKING:
    from tests.performance.bench.measuring import Measured
    from tests.performance.bench.one_process import Figure

HEAD = f"{'us an invocation':40}{'ours':>9}{'floor':>9}{'ratio':>8}{'target':>8}{'Qt/plain':>10}{'target':>8}   others: us (times ours)"


def row_lines(measured: Measured) -> list[str]:
    """Return the line of a row, and one for each target that it misses."""
    targets = {(target.of, target.over): target.most for target in measured.row.targets}
    line = (
        f"{measured.row.name:40}{_micro(measured.seconds(OURS)):>9}{_micro(measured.seconds(FLOOR)):>9}"
        f"{_number(measured.ratio(OURS, FLOOR)):>8}{_number(targets.get((OURS, FLOOR))):>8}"
        f"{_number(measured.ratio(ON_QT, OURS)):>10}{_number(targets.get((ON_QT, OURS))):>8}   {_others(measured)}"
    )
    return [
        line.rstrip(),
        *(f"    missed: {each.of} / {each.over} is {ratio:.3g}, target {each.most:.3g}" for each, ratio in measured.misses()),
    ]


def figure_line(figure: Figure) -> str:
    """Return the line of one figure."""
    value = "not measured" if figure.value is None else f"{figure.value:.2f} {figure.unit}"
    target = "" if figure.most is None else f"target {figure.most:g} {figure.unit}{'   missed' if figure.misses else ''}"
    return f"{figure.name:56}{value:>14}   {target:22}{figure.note}".rstrip()


def _others(measured: Measured) -> str:
    names = [name for name in measured.samples if name not in (OURS, FLOOR, ON_QT)]
    return ", ".join(f"{name} {_micro(measured.seconds(name))} ({_number(measured.ratio(name, OURS))})" for name in names)


def _micro(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1e6:,.2f}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
