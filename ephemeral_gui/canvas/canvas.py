"""The canvas: a document's job map as a picture that a hand can change."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QCursor, QGuiApplication
from typing_extensions import override

from engine.model.job_map import Disabled, TaskType
from ephemeral_gui.canvas.adding import Adding
from ephemeral_gui.canvas.annotating import Annotating
from ephemeral_gui.canvas.arranging import Arranging
from ephemeral_gui.canvas.canvas_keys import ARROWS, command_of
from ephemeral_gui.canvas.canvas_view import CanvasView
from ephemeral_gui.canvas.context_menu import menu_for
from ephemeral_gui.canvas.editor import Editor
from ephemeral_gui.canvas.geometry import united
from ephemeral_gui.canvas.guard import guarded, guarded_answer
from ephemeral_gui.canvas.job_graph import JobGraph
from ephemeral_gui.canvas.keyboard_wiring import KeyboardWiring
from ephemeral_gui.canvas.moving import position_of
from ephemeral_gui.canvas.renaming import Renaming

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QAction, QKeyEvent
    from PySide6.QtWidgets import QWidget

    from engine.catalog import Catalog
    from engine.model.job_map import Position, TaskKey
    from ephemeral_gui.canvas.annotation_edits import AnnotationKey
    from ephemeral_gui.canvas.dropping import Dropped
    from ephemeral_gui.canvas.hit import Hit
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.wire import Wire
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.widgets.theme import Look


class Canvas(CanvasView):
    """Shows a document and turns every gesture into one change of it."""

    task_activated = Signal(object)
    """A task was double-clicked, or Enter was pressed on it."""
    items_requested = Signal(object)
    """The count of what left a task was clicked; its ``TaskKey``."""
    refused = Signal(str)
    """Something was not done, and why, in words for a person."""
    files_dropped = Signal(list, QPointF)
    """The paths of files and folders that were dropped, and the point of the scene; what becomes of them is for others to say."""

    def __init__(self, document: Document, catalog: Catalog, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(document, catalog, look, parent)
        self._editor = Editor(document, catalog, self)
        self._graph = JobGraph(document, self._viewer, self._editor, self)
        self._adding = Adding(self._editor, self._viewer, catalog, look, self)
        self.wiring = KeyboardWiring(self._editor, self._viewer, catalog, look, self)
        """Wires without the mouse."""
        self.annotating = Annotating(self._editor, self._viewer, look, self)
        """Notes and frames."""
        self.arranging = Arranging(self._editor, self._viewer, self)
        """The places of what is selected."""
        self._renaming = Renaming(self._editor, self._viewer, look, self)
        self.task_actions: Sequence[QAction] = ()
        """What the menu of a task ends with: actions of others that concern what is selected."""
        self._menu_point = QPointF()
        self._connect_parts()
        self._begin()

    def add_method(self, namespace: str, method: str, at: Position | None = None) -> TaskKey | None:
        """Add a task for a method; where no place is given behind what is selected, else in the middle of the view. Return its identity."""
        keys = self._adding.add_method((namespace, method), at)
        return keys[0] if keys else None

    def quick_add(self) -> None:
        """Ask for a task behind what is selected; else at the mouse, or in the middle where the mouse is elsewhere."""
        if selected := self._viewer.selected_task_items():
            self._bring_into_view(selected[-1])
            self._adding.ask_behind(selected)
            return
        place = self._mouse_place()
        self._adding.ask_at(self._viewer.visible_rect.center() if place is None else self._viewer.scene_point(place))

    def quick_add_at_menu(self) -> None:
        """Ask for a task where the menu was opened."""
        self._adding.ask_at(self._menu_point)

    def insert_at_menu(self) -> None:
        """Ask for a task to put into the wire that the menu was opened on."""
        for wire in self._viewer.chosen_wires()[:1]:
            self._adding.ask_into(wire, self._menu_point)

    def arrange(self) -> None:
        """Place every task in layers from left to right."""
        self._editor.arrange()
        self._fit_all()

    def copy(self) -> None:
        """Put the selected tasks on the clipboard, as text."""
        text = self._editor.copy_text(self.selected_keys(), self._chosen_annotations())
        if text is not None:
            QGuiApplication.clipboard().setText(text)

    def cut(self) -> None:
        """Move the selected tasks to the clipboard."""
        if self.selected_keys() or self._chosen_annotations():
            self.copy()
            self._delete("Cut")

    def paste(self) -> None:
        """Add the tasks on the clipboard: at the mouse where it is over the canvas, else beside where they were."""
        self._paste(with_incoming=False)

    def paste_with_wires(self) -> None:
        """Add the tasks on the clipboard, fed by what feeds the originals."""
        self._paste(with_incoming=True)

    def duplicate(self) -> None:
        """Add copies of the selected tasks beside them."""
        before = set(self._projection.annotations.items)
        self._go_on_with_new(self._editor.duplicate(self.selected_keys(), self._chosen_annotations()), before)

    def delete_selection(self) -> None:
        """Remove everything that is selected."""
        self._delete("Delete")

    def add_note(self) -> None:
        """Add a note at the mouse, or in the middle where the mouse is elsewhere."""
        place = self._mouse_place()
        self.annotating.add_note(self._viewer.visible_rect.center() if place is None else self._viewer.scene_point(place))

    def add_note_at_menu(self) -> None:
        """Add a note where the menu was opened."""
        self.annotating.add_note(self._menu_point)

    def delete_and_heal(self) -> None:
        """Remove the selected tasks and close the wires over them, where types fit."""
        self._editor.delete_and_heal(self.selected_keys())

    def rename_selected(self) -> None:
        """Ask for another name for the selected task, over its title."""
        keys = self.selected_keys()
        if not keys and self.annotating.edit_selected():
            return
        if len(keys) != 1:
            self.refused.emit("Select one task to rename it")
            return
        item = self._projection.items[keys[0]]
        self._bring_into_view(item)
        self._renaming.ask(item)

    def activate_selected(self) -> None:
        """Go on to the settings of the selected task."""
        for key in self.selected_keys()[:1]:
            self.task_activated.emit(key)

    def switch_off(self) -> None:
        """Switch the selected tasks off, or on again."""
        self._editor.switch(self.selected_keys(), Disabled.OFF)

    def bypass(self) -> None:
        """Let payloads pass the selected tasks by, or no longer."""
        self._editor.switch(self.selected_keys(), Disabled.BYPASS)

    def _delete(self, verb: str) -> None:
        wires = [wire.key for wire in self._viewer.chosen_wires()]
        self._editor.delete(self.selected_keys(), wires, verb, self._chosen_annotations())

    def _connect_parts(self) -> None:
        self._editor.refused.connect(self.refused)
        self._viewer.wire_refused.connect(lambda reason: self.refused.emit(reason[:1].upper() + reason[1:]))
        self._viewer.menu_requested.connect(self._open_menu)
        self._graph.activated.connect(self.task_activated)
        self._viewer.items_requested.connect(self.items_requested)
        self._viewer.methods_dropped.connect(self._refuse_foreign)
        self._viewer.files_dropped.connect(self.files_dropped)
        self._viewer.inserted.connect(self._insert)
        self.wiring.refused.connect(self.refused)
        self.arranging.refused.connect(self.refused)
        self.annotating.refused.connect(self.refused)
        self.wiring.connected.connect(self._go_on_with)
        self._adding.added.connect(self._go_on_with_added)

    def _refuse_foreign(self, dropped: Dropped) -> None:
        if not dropped.methods:
            self.refused.emit("What was dropped is no task")

    def _insert(self, item: TaskItem, wire: Wire) -> None:
        if not self._editor.insert(item.key, wire.key, position_of(item)):
            self._editor.move({item.key: position_of(item)})

    def _go_on_with(self, keys: list[TaskKey]) -> None:
        if keys:
            self._viewer.choose(set(keys))

    def _go_on_with_new(self, keys: list[TaskKey], notes_before: Collection[AnnotationKey] | None = None) -> None:
        """Select what was added, the notes and frames too that were not there before, and bring it into sight."""
        items = self._projection.annotations.items
        notes = [] if notes_before is None else [key for key in items if key not in notes_before]
        if keys or notes:
            self._viewer.choose(set(keys), annotations=notes)
        bodies = [*(self._projection.items[key].body for key in keys), *(items[key].body for key in notes)]
        around = united(bodies)
        if not bodies or self._viewer.visible_rect.contains(around):
            return
        if self._viewer.is_fitted:
            self._fit_all()
        elif self._viewer.has_room_for(around):
            self._gliding.to(*self._viewer.reaching(around))
        else:
            self._gliding.to(*self._viewer.fitting(bodies))

    def _go_on_with_added(self, keys: list[TaskKey]) -> None:
        """Go on with what was added; an output is asked for its name at once, which is what its results are called."""
        self._go_on_with_new(keys)
        if len(keys) == 1 and self._projection.items[keys[0]].task.type is TaskType.OUTPUT:
            self.rename_selected()

    def _open_menu(self, hit: Hit, place: QPoint) -> None:
        self._menu_point = self._viewer.scene_point(self._viewer.viewport().mapFromGlobal(place))
        menu_for(hit, self, self.task_actions).popup(place)

    def _paste(self, *, with_incoming: bool) -> None:
        place = self._mouse_place()
        point = None if place is None else self._viewer.scene_point(place)
        at = None if point is None else (point.x(), point.y())
        before = set(self._projection.annotations.items)
        self._go_on_with_new(self._editor.paste(QGuiApplication.clipboard().text(), at, with_incoming=with_incoming), before)

    def _mouse_place(self) -> QPoint | None:
        place = self._viewer.viewport().mapFromGlobal(QCursor.pos())
        return place if self._viewer.viewport().rect().contains(place) and self.underMouse() else None

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = command_of(event)
        if command is not None:
            attrgetter(command)(self)()
        elif event.key() in ARROWS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.walk(Qt.Key(event.key()))
        else:
            event.ignore()

    @override
    @guarded_answer(otherwise=False)
    def focusNextPrevChild(self, following: bool) -> bool:
        """Keep Tab, as the viewer does: a key that it does not use itself comes here. From the buttons beside it Tab goes on."""
        return False if following and self._viewer.hasFocus() else super().focusNextPrevChild(following)
