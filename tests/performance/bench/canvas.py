"""The canvas beside a bare scene and stock NodeGraphQt: ``python3 start.py bench canvas``. Medians of samples taken in turns."""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from tests.performance.bench.one_process import MEBIBYTE, ROOT, Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.performance.bench.canvas_scenes import Contender

MANY, FEW = 2_000, 500
SAMPLES = 15


def canvas() -> Iterator[Figure]:
    """Everything that a hand feels."""
    from tests.performance.bench import canvas_scenes as scenes  # noqa: PLC0415  Qt only where it is asked for

    app = scenes.application()
    scenes.Ours(10)  # fonts and icons are loaded once in a process
    yield from _opening(scenes)
    bare, ours = _shown(scenes.Bare(MANY)), _shown(scenes.Ours(MANY))
    app.processEvents()
    yield from _painting(bare, ours)
    yield from _dragging(bare, ours)
    yield from _state(ours)
    yield from _memory()


def _opening(scenes: Any) -> Iterator[Figure]:
    stock, ours = _interleaved(3, lambda: _shown(scenes.Stock(FEW)), lambda: _shown(scenes.Ours(FEW)))
    yield Figure(f"open {FEW}: ours / stock NodeGraphQt", ours / stock, "x", 0.35, note=_pair(ours, stock))
    bare, ours = _interleaved(5, lambda: _shown(scenes.Bare(MANY)), lambda: _shown(scenes.Ours(MANY)))
    yield Figure(f"open {MANY}, first paint included: ours / bare", ours / bare, "x", 2, note=_pair(ours, bare))


def _painting(bare: Contender, ours: Contender) -> Iterator[Figure]:
    for canvas in (bare, ours):
        _see_all(canvas)
    yield from _compared(f"repaint of {MANY} in view, all anew", bare.view.viewport().repaint, _repaint_anew(ours), 1.5, 33)
    for canvas in (bare, ours):
        _see_at(canvas, 1.0)
    yield from _compared("repaint at 100 %, all anew", bare.view.viewport().repaint, _repaint_anew(ours), None, None)
    yield from _compared("pan at 100 %", _pan(bare), _pan(ours), None, 10)
    yield from _compared("zoom step at 100 %", _zoom(bare), _zoom(ours), None, 10)


def _repaint_anew(ours: Any) -> Callable[[], None]:
    """Return a repaint that finds nothing prepared: not the picture of the ground, and none of the nodes'."""
    scene = ours.view.projection.scene

    def repaint() -> None:
        scene.forget_pictures()
        ours.view.viewport().repaint()

    return repaint


def _dragging(bare: Contender, ours: Contender) -> Iterator[Figure]:
    for canvas in (bare, ours):
        _see_all(canvas)
    yield from _compared("drag step of one, all in view", _drag(bare), _drag(ours), None, 4)
    for canvas in (bare, ours):
        _see_at(canvas, 1.0)
    yield from _compared("drag step of one at 100 %", _drag(bare), _drag(ours), None, 4)
    _see_all(ours)
    drag = _drag(ours, is_all=True)
    yield Figure(f"drag step of all {MANY}", _median(drag, SAMPLES) * 1e3, "ms", 33)
    drag.end()


def _state(ours: Any) -> Iterator[Figure]:
    _see_at(ours, 1.0)
    item, viewport = ours.nodes()[MANY // 2 + 20], ours.view.viewport()
    viewport.repaint()

    def change() -> None:
        item.refresh()
        _settle()

    yield Figure("state of one task, painted", _median(change, SAMPLES) * 1e3, "ms", 2)


def _memory() -> Iterator[Figure]:
    bare, ours = (_child(name) for name in ("Bare", "Ours"))
    yield Figure(f"memory of {MANY}: ours / bare", ours / bare, "x", 1.5, note=f"{ours:.0f} MB, {bare:.0f} MB")


class _Drag:
    """Real mouse events: a press on a node, and a move of some pixels for each call."""

    def __init__(self, canvas: Contender, *, is_all: bool) -> None:
        self._canvas, self._turn = canvas, 0
        node = canvas.nodes()[len(canvas.nodes()) // 2 + 20]
        if not is_all:
            for each in canvas.nodes():
                each.setSelected(False)
        else:
            for each in canvas.nodes():
                each.setSelected(True)
        self._place = canvas.view.mapFromScene(node.sceneBoundingRect().center())
        self._send("MouseButtonPress", self._place)

    def __call__(self) -> None:
        self._turn += 1
        self._send("MouseMove", self._place + _way(self._turn))
        _settle()

    def end(self) -> None:
        """Let go."""
        self._send("MouseButtonRelease", self._place + _way(self._turn))
        _settle()

    def _send(self, kind: str, place: Any) -> None:
        from PySide6.QtCore import QEvent, QPointF, Qt  # noqa: PLC0415  Qt only where it is asked for
        from PySide6.QtGui import QMouseEvent  # noqa: PLC0415
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415

        left, viewport = Qt.MouseButton.LeftButton, self._canvas.view.viewport()
        event = QMouseEvent(
            getattr(QEvent.Type, kind), QPointF(place), QPointF(viewport.mapToGlobal(place)), left, left, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(viewport, event)


def _drag(canvas: Contender, *, is_all: bool = False) -> _Drag:
    return _Drag(canvas, is_all=is_all)


def _way(turn: int) -> Any:
    from PySide6.QtCore import QPoint  # noqa: PLC0415

    return QPoint(16 + 16 * (turn % 5), 16 * (turn % 3))


def _pan(canvas: Contender) -> Callable[[], None]:
    view, turn = canvas.view, [0]

    def step() -> None:
        turn[0] += 1
        way = 24 if turn[0] % 2 else -24
        if hasattr(view, "pan_by"):
            from PySide6.QtCore import QPointF  # noqa: PLC0415

            view.pan_by(QPointF(way, way))
        else:
            view.horizontalScrollBar().setValue(view.horizontalScrollBar().value() - way)
            view.verticalScrollBar().setValue(view.verticalScrollBar().value() - way)
        _settle()

    return step


def _zoom(canvas: Contender) -> Callable[[], None]:
    view, turn = canvas.view, [0]

    def step() -> None:
        turn[0] += 1
        factor = 1.1 ** (1 if turn[0] % 10 < 5 else -1)
        view.zoom_by(factor) if hasattr(view, "zoom_by") else view.scale(factor, factor)
        _settle()

    return step


def _compared(
    name: str, bare: Callable[[], object], ours: Callable[[], object], most_ratio: float | None, most: float | None
) -> Iterator[Figure]:
    floor, own = _interleaved(SAMPLES, bare, ours)
    for each in (bare, ours):
        if isinstance(each, _Drag):
            each.end()
    yield Figure(name, own * 1e3, "ms", most, note=f"bare {floor * 1e3:.2f} ms")
    if most_ratio is not None:
        yield Figure(f"{name}: ours / bare", own / floor, "x", most_ratio)


def _interleaved(samples: int, one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Return the medians of both in seconds of this process, taken in turns so that a busy machine meets both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for work in (one, other):
        work()
    for _ in range(samples):
        for found, work in zip(times, (one, other), strict=True):
            gc.collect()
            start = time.process_time()
            work()
            found.append(time.process_time() - start)
    return statistics.median(times[0]), statistics.median(times[1])


def _median(work: Callable[[], object], samples: int) -> float:
    return _interleaved(samples, lambda: None, work)[1]


def _shown(canvas: Contender) -> Contender:
    """Show a canvas with everything in view, and paint it for the first time."""
    getattr(canvas, "canvas", canvas.view).show()
    _see_all(canvas)
    return canvas


def _see_all(canvas: Contender) -> None:
    from PySide6.QtCore import Qt  # noqa: PLC0415

    if hasattr(canvas.view, "fit_all"):
        canvas.view.fit_all()
    else:
        canvas.view.fitInView(canvas.view.scene().itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)
    canvas.view.viewport().repaint()
    _settle()


def _see_at(canvas: Contender, zoom: float) -> None:
    centre = canvas.nodes()[len(canvas.nodes()) // 2 + 20].sceneBoundingRect().center()
    if hasattr(canvas.view, "look_at"):
        canvas.view.look_at(centre, zoom)
    else:
        canvas.view.resetTransform()
        canvas.view.scale(zoom, zoom)
        canvas.view.centerOn(centre)
    canvas.view.viewport().repaint()
    _settle()


def _settle() -> None:
    """Let Qt paint what is due."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    QApplication.sendPostedEvents()
    QApplication.processEvents()


def _pair(ours: float, other: float) -> str:
    return f"{ours * 1e3:.0f} ms, {other * 1e3:.0f} ms"


def _child(name: str) -> float:
    """Return the megabytes that one canvas adds, in a process of its own."""
    done = subprocess.run(  # noqa: S603  our own interpreter on our own module
        [sys.executable, "-m", "tests.performance.bench.canvas", name], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(json.loads(done.stdout.splitlines()[-1]))


def _added_memory(name: str) -> float:
    import psutil  # noqa: PLC0415

    from tests.performance.bench import canvas_scenes as scenes  # noqa: PLC0415

    app = scenes.application()
    make = getattr(scenes, name)
    warm_up = _shown(make(50))
    app.processEvents()
    gc.collect()
    before = psutil.Process().memory_info().rss
    canvas = _shown(make(MANY))
    gc.collect()
    added = psutil.Process().memory_info().rss - before
    del warm_up, canvas
    return added / MEBIBYTE


if __name__ == "__main__":
    print(json.dumps(_added_memory(sys.argv[1])))  # noqa: T201  its answer
