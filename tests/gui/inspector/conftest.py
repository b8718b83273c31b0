"""An inspector on a document, and a small catalogue with an argument of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from PySide6.QtWidgets import QWidget

from engine.model.definition import Argument, Definition
from engine.model.job_map import Datasource, JobMap, Task, TaskType
from ephemeral_gui.document.document import Document
from ephemeral_gui.inspector.panel import InspectorPanel
from ephemeral_gui.widgets.theme import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from engine.model.json_value import JsonValue

W = TypeVar("W", bound=QWidget)

ARGUMENTS = (
    Argument("variable", "string", required=True, description="Name of the variable."),
    Argument("colour_map", "string", required=True, enum=("viridis", "plasma")),
    Argument("label", "string", default="none", has_default=True),
    Argument("about", "string", format="multiline"),
    Argument("count", "integer", default=3, has_default=True, minimum=1, maximum=9),
    Argument("limit", "float"),
    Argument("coast", "boolean", default=True, has_default=True),
    Argument("levels", "list(integer)"),
    Argument("options", "map"),
    Argument("source", "string", format="path"),
)
DRAW = Definition("plots", "draw", "Draws a map.", ("dataset",), ("picture", "map"), ARGUMENTS)
OTHER = Definition("plots", "other", "Does nothing else.", ("any",), ("any",))


@dataclass
class Desk:
    """An inspector, its document, and shorthands for a test."""

    panel: InspectorPanel
    document: Document

    def task(self, name: str = "work") -> Task:
        return self.document.job_map.by_name[name]

    def select(self, *names: str) -> None:
        self.panel.show_selection([self.task(name).key for name in names])

    def control(self, name: str, kind: type[W]) -> W:
        found = self.panel.findChildren(kind, name)
        assert found, f"there is no control {name!r}"
        return found[-1]

    def steps(self) -> int:
        return self.document.undo_stack.count()


@pytest.fixture
def catalog() -> Any:
    definitions = {(each.namespace, each.name): each for each in (DRAW, OTHER)}
    return SimpleNamespace(definitions=definitions, definition=lambda namespace, method: definitions.get((namespace, method)))


@pytest.fixture
def desk_of(qtbot: QtBot, catalog: Any) -> Callable[..., Desk]:
    """Return a maker of desks: the function task ``work`` has the given arguments and fields."""

    def make(arguments: dict[str, JsonValue] | None = None, source: Datasource | None = None, **fields: Any) -> Desk:
        given = {"namespace": "plots", "method": "draw", "consumes": "dataset", "produces": "picture", **fields}
        work = Task("work", TaskType.FUNCTION, init_args=arguments or {}, **given)
        tasks = (Task("in", TaskType.INPUT), work, Task("out", TaskType.OUTPUT))
        document = Document(
            JobMap("Job", source or Datasource("direct", {"content": {"input": "x"}}), tasks, (("in", "work"), ("work", "out")))
        )
        panel = InspectorPanel(Look())
        qtbot.addWidget(panel)
        panel.show_document(document, catalog)
        panel.resize(264, 900)
        panel.show()
        with qtbot.waitActive(panel):
            panel.activateWindow()
        desk = Desk(panel, document)
        desk.select("work")
        return desk

    return make


@pytest.fixture
def desk(desk_of: Callable[..., Desk]) -> Desk:
    return desk_of({"variable": "temperature", "colour_map": "viridis"})
