"""Hands that do anything to the whole window by mouse and keys: all that shows a job map agrees with a plain model of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from ephemeral_gui.canvas.canvas import Canvas
from ephemeral_gui.canvas.editor import Editor
from ephemeral_gui.document.document import Document
from ephemeral_gui.document.live_problems import LiveProblems
from ephemeral_gui.inspector.panel import InspectorPanel
from ephemeral_gui.json_view.panel import JsonPanel
from ephemeral_gui.outline.panel import OutlinePanel
from tests.gui.shell.hands.at_the_window import Bench
from tests.gui.shell.hands.building import Building
from tests.gui.shell.hands.comparing_eyes import ComparingEyes
from tests.gui.shell.hands.filing import Filing
from tests.gui.shell.hands.going_back import GoingBack

if TYPE_CHECKING:
    import asyncio
    from collections import Counter
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from ephemeral_gui.main_window.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")  # the offscreen platform says so of lists that open


class HandsMachine(Building, GoingBack, Filing, ComparingEyes):
    """Every rule acts on the window as hands do and on the plain model as words do; the invariant compares all that is shown."""


CHECKS = list(HealthCheck)
"""A window is slow beside what Hypothesis has in mind."""
FIXED: dict[str, Any] = {"derandomize": True, "database": None, "phases": [Phase.generate]}


@pytest.fixture
def bench(qt_runner: asyncio.Runner, person: Callable[[MainWindow], Any], until: Callable[..., Awaitable[None]], tmp_path: Path) -> Bench:
    return Bench(qt_runner.run, person, until, tmp_path)


def run_machine(bench: Bench, name: str, examples: int, steps: int, **options: Any) -> Counter[str]:
    """Run a machine of that name, which decides on what is drawn where nothing is left to luck; return what was done how often."""
    machine = type(name, (HandsMachine,), {"bench": bench})
    chosen = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=CHECKS, **options)
    run_state_machine_as_test(machine, settings=chosen)
    return bench.done


@pytest.mark.parametrize("part", ["first", "second", "third", "fourth"])
def test_that_whatever_hands_do_all_that_is_shown_agrees(bench: Bench, part: str) -> None:
    done = run_machine(bench, f"{part}_hands", 3, 12, **FIXED)
    assert done["compared"] >= 24, done


@pytest.mark.long  # ten minutes of clicks and keys
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(4))
def test_that_it_holds_for_thousands_of_steps(bench: Bench, part: int) -> None:
    done = run_machine(bench, f"long_hands_{part}", 14, 50, phases=[Phase.generate])
    print(part, json.dumps(done))  # noqa: T201  the counts are what a long run is looked at for
    assert done["compared"] >= 400, done


FAULTS: dict[str, tuple[type, str, Callable[..., Any]]] = {
    "a canvas that does not follow": (Canvas, "_follow_document", lambda _: None),
    "a text that does not follow": (JsonPanel, "_document_changed", lambda _: None),
    "an outline that does not follow": (OutlinePanel, "_show_lines", lambda _: None),
    "an inspector that does not follow": (InspectorPanel, "show_selection", lambda _self, _keys: None),
    "problems that are not checked": (LiveProblems, "check_now", lambda self: self._pause.stop()),
    "wires that are never drawn": (Editor, "rewire", lambda *_: False),
    "a move that is not kept": (Editor, "move", lambda *_: None),
    "a change that is no step": (Document, "change", lambda self, _text, job_map, **_: self._show(job_map)),
    "a save that forgets what it saved": (Document, "mark_saved", lambda self, *_: self.undo_stack.setClean()),
}


@pytest.mark.parametrize("fault", [pytest.param(name, marks=() if number < 3 else pytest.mark.long) for number, name in enumerate(FAULTS)])
def test_that_the_machine_finds(bench: Bench, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """What is planted here must be found, or the machine sees nothing."""
    owner, name, replacement = FAULTS[fault]
    monkeypatch.setattr(owner, name, replacement)
    with pytest.raises((AssertionError, KeyError, TimeoutError)):
        run_machine(bench, "faulty_hands", 30, 20, **FIXED)
