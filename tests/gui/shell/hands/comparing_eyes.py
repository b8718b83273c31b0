"""Eyes that compare all that a window shows with the plain model."""

from __future__ import annotations

from hypothesis.stateful import invariant
from PySide6.QtWidgets import QLineEdit, QTreeView

from engine.files import dump_job_map
from engine.validation import validate
from tests.gui.shell.hands.at_the_window import AtTheWindow
from tests.gui.shell.hands.plain_job import LENGTH, plain_of


class ComparingEyes(AtTheWindow):
    """After every rule all that shows the job map says the same."""

    @invariant()
    def all_that_is_shown_is_the_plain_model(self) -> None:
        if not hasattr(self, "tabs"):
            return
        self.bench.run(self._come_to_rest())
        assert plain_of(self.document.job_map, self.titles) == self.plain
        assert [task.name for task in self.document.job_map.tasks] == self.names
        self._check_history()
        self._check_canvas()
        self._check_outline()
        self._check_inspector()
        self._check_problems()
        assert self.window.panels.json.editor.text == dump_job_map(self.document.job_map)
        assert not self.window.had_bug
        assert not self.window.error_banner.isVisible()
        self._did("compared")

    async def _come_to_rest(self) -> None:
        """Wait until the problems have followed the last edit and panels are laid out."""
        assert self.window.page is not None
        quiet = self.window.page.live_problems._pause
        await self._until(lambda: not quiet.isActive())
        await self.hands._settle()

    def _check_history(self) -> None:
        stack, tab = self.document.undo_stack, self.tab
        assert (stack.index(), stack.count()) == (tab.now, len(tab.states) - 1)
        assert self.window.isWindowModified() == (tab.now != tab.saved)
        assert self.window.tabs.count() == len(self.tabs)
        assert self.window.tabs.currentIndex() == self.at
        assert self.document.path == tab.path
        is_modified = [self.window.tabs.tabText(number).endswith("\N{BULLET}") for number in range(len(self.tabs))]
        assert is_modified == [each.now != each.saved for each in self.tabs]

    def _check_canvas(self) -> None:
        projection = self.canvas.viewer.projection
        assert sorted(item.name for item in projection.items.values()) == sorted(self.names)
        assert {(wire.source.name, wire.target.name) for wire in projection.wires.values()} == self.plain["edges"]
        assert {item.name: (item.pos().x(), item.pos().y()) for item in projection.items.values()} == self.plain["positions"]

    def _check_outline(self) -> None:
        tree = self.window.docks["outline"].findChild(QTreeView, "outline.tree")
        model = tree.model()
        rows = [model.index(row, 0) for row in range(model.rowCount())]
        assert sorted(row.data() for row in rows) == sorted(self.names)
        wires = {(row.data(), model.index(line, 0, row).data()) for row in rows for line in range(model.rowCount(row))}
        assert wires == {(one, f"to {other}") for one, other in self.plain["edges"]}
        assert {index.data() for index in tree.selectionModel().selectedRows()} == self._selected()

    def _check_inspector(self) -> None:
        selected = self._selected()
        if len(selected) != 1:
            return
        (name,) = selected
        inspector = self.window.docks["inspector"]
        shown = {each.objectName(): each.text() for each in inspector.findChildren(QLineEdit) if each.isVisibleTo(inspector)}
        assert shown["name"] == name
        arguments = self.plain["tasks"][name].get("args", {})
        if LENGTH in arguments:
            assert shown[f"argument.{LENGTH}"] == str(arguments[LENGTH])

    def _check_problems(self) -> None:
        found = validate(self.document.job_map, self.window.catalog)
        assert list(self.window.panels.shown_problems) == found
        assert {item.name for item in self.canvas.viewer.projection.items.values() if item.face.problems} == {
            problem.task for problem in found if problem.task in self.plain["tasks"]
        }
