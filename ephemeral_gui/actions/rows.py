"""Every action of the window as one row: menu, tool bar, shortcut, search and handler follow from it.

The handler of ``file.save_as`` is the method ``save_as`` of the window's ``file`` commands.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Situation:
    """What the window shows now, as far as it decides what can be done.

    Attributes:
        has_selection: a task is selected.
        has_wire: a wire is selected.
        has_note: a note or a frame is selected.
    """

    has_document: bool = False
    has_selection: bool = False
    has_wire: bool = False
    has_note: bool = False
    can_undo: bool = False
    can_redo: bool = False
    is_running: bool = False
    is_paused: bool = False
    has_recent: bool = False
    is_closable: bool = False
    can_revert: bool = False
    can_run_to: bool = False
    can_run_from: bool = False


class Need(NamedTuple):
    """What must hold for an action to be of use, and what is said where it does not."""

    is_met: Callable[[Situation], bool]
    otherwise: str


DOCUMENT: Final = Need(attrgetter("has_document"), "No job map is open.")
SELECTION: Final = Need(attrgetter("has_selection"), "No task is selected.")
THINGS: Final = Need(lambda now: now.has_selection or now.has_note, "No task, note or frame is selected.")
ANYTHING: Final = Need(lambda now: now.has_selection or now.has_note or now.has_wire, "Nothing is selected.")
IDLE: Final = Need(lambda now: not now.is_running, "The job runs already.")
RUN: Final = Need(attrgetter("is_running"), "The job does not run.")
CHANGE_TO_UNDO: Final = Need(attrgetter("can_undo"), "Nothing was changed yet.")
CHANGE_TO_REDO: Final = Need(attrgetter("can_redo"), "No change was taken back.")
CHANGE_TO_REVERT: Final = Need(attrgetter("can_revert"), "It has no file, or is as its file holds it.")
TAB: Final = Need(attrgetter("is_closable"), "No tab is open.")
PART_TO: Final = Need(attrgetter("can_run_to"), "")
"""Why not is told by the runs of parts, as their tips are."""
PART_FROM: Final = Need(attrgetter("can_run_from"), "")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a user can ask for.

    Attributes:
        id: stable name, also the ``QAction``'s object name; its part behind the dot names the handler.
        text: words in the menu, ``&`` before the mnemonic.
        keys: shortcuts; the first one is shown.
        icon: name of a drawing.
        tip: one sentence that says what happens.
        needs: what must hold for it to be used.
        label: shorter words on the tool bar.
        on_canvas: the shortcuts hold only while the canvas has the focus, so that lists and fields keep theirs.
        checkable: it is on or off.
    """

    id: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str | None = None
    tip: str = ""
    needs: tuple[Need, ...] = ()
    label: str | None = None
    on_canvas: bool = False
    checkable: bool = False

    @property
    def title(self) -> str:
        """The words without mnemonic and dots."""
        return self.text.replace("&", "").removesuffix("...")

    def unmet(self, now: Situation) -> Need | None:
        """Return the first of its needs that is not met, None where it can be used."""
        return next((need for need in self.needs if not need.is_met(now)), None)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a menu that the window fills: recent files, docks."""

    id: str
    text: str = ""


SEPARATOR: Final = None
MenuEntry: TypeAlias = "Action | Slot | None"

RECENT: Final = Slot("file.open_recent", "Open &recent")
DOCKS: Final = Slot("view.panels")

MENUS: Final[tuple[tuple[str, tuple[MenuEntry, ...]], ...]] = (
    (
        "&File",
        (
            Action("file.new", "&New", ("Ctrl+N",), "new", "Start with an empty job map."),
            Action("file.new_from_template", "New from &template...", ("Ctrl+Shift+N",), "tasks", "Start with a copy of a template."),
            Action("file.open", "&Open...", ("Ctrl+O",), "open", "Open a job map from a file."),
            RECENT,
            Action("file.open_workspace", "Open &workspace...", (), "folder", "Use the task namespaces of a folder of your own."),
            SEPARATOR,
            Action("file.save", "&Save", ("Ctrl+S",), "save", "Write the job map to its file.", (DOCUMENT,)),
            Action("file.save_as", "Save &as...", ("Ctrl+Shift+S",), "save-as", "Write the job map to another file.", (DOCUMENT,)),
            Action("file.revert", "Re&vert", (), "undo", "Take over what the file holds; it can be undone.", (DOCUMENT, CHANGE_TO_REVERT)),
            Action(
                "file.compare", "Co&mpare with...", (), None, "Show on the canvas what is otherwise than in another job map.", (DOCUMENT,)
            ),
            SEPARATOR,
            Action("file.export_picture", "Export &picture...", (), "picture", "Draw the canvas as PNG or SVG.", (DOCUMENT,)),
            Action("file.export_script", "&Export Python script...", (), "page", "Write a script that runs the job.", (DOCUMENT,)),
            SEPARATOR,
            Action("file.close", "&Close", ("Ctrl+W",), "close", "Close this tab.", (TAB,)),
            Action("file.quit", "&Quit", ("Ctrl+Q",), None, "Close every job map and leave."),
        ),
    ),
    (
        "&Edit",
        (
            Action("edit.undo", "&Undo", ("Ctrl+Z",), "undo", "Take back the last change.", (DOCUMENT, CHANGE_TO_UNDO)),
            Action("edit.redo", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", "Make the change again.", (DOCUMENT, CHANGE_TO_REDO)),
            SEPARATOR,
            Action("edit.cut", "Cu&t", ("Ctrl+X",), "cut", "Move the selection to the clipboard.", (DOCUMENT, THINGS), on_canvas=True),
            Action("edit.copy", "&Copy", ("Ctrl+C",), "copy", "Copy the selection to the clipboard.", (DOCUMENT, THINGS), on_canvas=True),
            Action("edit.paste", "&Paste", ("Ctrl+V",), "paste", "Add the tasks on the clipboard.", (DOCUMENT,), on_canvas=True),
            Action(
                "edit.paste_with_wires",
                "Paste &with wires",
                ("Ctrl+Shift+V",),
                "paste",
                "Add the tasks on the clipboard, fed by what feeds the originals.",
                (DOCUMENT,),
                on_canvas=True,
            ),
            Action("edit.duplicate", "Du&plicate", ("Ctrl+D",), "duplicate", "Copy the selection beside itself.", (DOCUMENT, THINGS)),
            Action("edit.delete", "&Delete", ("Del", "Backspace"), "delete", "Remove the selection.", (DOCUMENT, ANYTHING), on_canvas=True),
            Action(
                "edit.delete_and_heal",
                "Delete and &heal",
                ("Ctrl+Del",),
                "delete",
                "Remove the selected tasks and close the wires over them.",
                (DOCUMENT, SELECTION),
                on_canvas=True,
            ),
            SEPARATOR,
            Action("edit.select_all", "Select &all", ("Ctrl+A",), "select-all", "Select everything there is.", (DOCUMENT,), on_canvas=True),
            Action("edit.fix", "Fi&x problem", ("Ctrl+.",), "check", "Mend the selected problem, else the first.", (DOCUMENT,)),
            Action("edit.find", "&Find task or command", ("Ctrl+K", "Ctrl+F", "Ctrl+Shift+P"), "search", "Search everything."),
            SEPARATOR,
            Action("edit.settings", "Se&ttings...", ("Ctrl+,",), None, "Choose colours, wheel, grid, motion and keys."),
        ),
    ),
    (
        "&View",
        (
            Action("view.fit", "&Fit", ("Ctrl+1",), "fit", "Show the selection, or the whole job, as large as fits.", (DOCUMENT,)),
            Action("view.zoom_in", "Zoom &in", ("Ctrl++", "Ctrl+="), "plus", "Come nearer.", (DOCUMENT,)),
            Action("view.zoom_out", "Zoom &out", ("Ctrl+-",), "minus", "Step back.", (DOCUMENT,)),
            Action("view.reset_zoom", "&Actual size", ("Ctrl+0",), "reset", "Show tasks at 100 %.", (DOCUMENT,)),
            SEPARATOR,
            Action("view.layout", "&Layout", ("Ctrl+L",), "layout", "Arrange the tasks from left to right.", (DOCUMENT,)),
            SEPARATOR,
            DOCKS,
            Action("view.next_area", "&Next area", ("F6",), None, "Go on with the keyboard to the next panel."),
            Action("view.previous_area", "Pre&vious area", ("Shift+F6",), None, "Go back with the keyboard to the panel before."),
            Action("view.reset_panels", "&Reset panels", (), "reset", "Put every panel back to its place."),
        ),
    ),
    (
        "&Task",
        (
            Action("edit.rename", "&Rename", ("F2",), "rename", "Give the selected task, note or frame other words.", (DOCUMENT, THINGS)),
            Action("task.settings", "&Settings", (), None, "Go to the settings of the selected task.", (DOCUMENT, SELECTION)),
            SEPARATOR,
            Action("task.connect", "&Connect to...", ("C",), "join", "Connect what is selected.", (DOCUMENT, SELECTION), on_canvas=True),
            Action(
                "task.connect_from", "Connect &from...", ("Shift+C",), None, "Choose what feeds it.", (DOCUMENT, SELECTION), on_canvas=True
            ),
            Action(
                "task.select_upstream",
                "Select &upstream",
                ("Shift+Left",),
                None,
                "Select everything that the task depends on.",
                (DOCUMENT, SELECTION),
                on_canvas=True,
            ),
            Action(
                "task.select_downstream",
                "Select &downstream",
                ("Shift+Right",),
                None,
                "Select everything that depends on the task.",
                (DOCUMENT, SELECTION),
                on_canvas=True,
            ),
            SEPARATOR,
            Action(
                "task.switch_off", "Switch &off", ("D",), "disabled", "End what depends on the task.", (DOCUMENT, SELECTION), on_canvas=True
            ),
            Action("task.bypass", "&Bypass", ("Ctrl+B",), "skipped", "Pass payloads by the task.", (DOCUMENT, SELECTION), on_canvas=True),
        ),
    ),
    (
        "&Arrange",
        (
            Action(
                "arrange.selection",
                "Layout &selection",
                ("Ctrl+Shift+L",),
                "layout",
                "Arrange the selected tasks; all others stay.",
                (DOCUMENT, SELECTION),
                on_canvas=True,
            ),
            SEPARATOR,
            Action("arrange.align_left", "Align &left", (), None, "Bring the left edges onto one line.", (DOCUMENT, SELECTION)),
            Action("arrange.align_centre", "Align &centre", (), None, "Bring the centres onto one upright line.", (DOCUMENT, SELECTION)),
            Action("arrange.align_right", "Align &right", (), None, "Bring the right edges onto one line.", (DOCUMENT, SELECTION)),
            Action("arrange.align_top", "Align &top", (), None, "Bring the upper edges onto one line.", (DOCUMENT, SELECTION)),
            Action("arrange.align_middle", "Align &middle", (), None, "Bring the centres onto one level line.", (DOCUMENT, SELECTION)),
            Action("arrange.align_bottom", "Align &bottom", (), None, "Bring the lower edges onto one line.", (DOCUMENT, SELECTION)),
            SEPARATOR,
            Action("arrange.space_across", "Space &across", (), None, "Make the gaps from left to right equal.", (DOCUMENT, SELECTION)),
            Action("arrange.space_down", "Space &down", (), None, "Make the gaps from top to bottom equal.", (DOCUMENT, SELECTION)),
            SEPARATOR,
            Action("arrange.note", "Add &note", ("N",), "note", "Add a note at the mouse.", (DOCUMENT,), on_canvas=True),
            Action("arrange.frame", "&Frame selection", ("Ctrl+G",), None, "Put a frame around it.", (DOCUMENT, THINGS), on_canvas=True),
        ),
    ),
    (
        "&Run",
        (
            Action("run.start", "&Run", ("F5", "Ctrl+Return", "Ctrl+Enter"), "run", "Run the job as it is now.", (DOCUMENT, IDLE)),
            Action(
                "run.selected",
                "Run &to selection",
                ("Shift+F5",),
                "run-to",
                "Run what leads to the selected tasks, and them, and nothing else.",
                (DOCUMENT, IDLE, PART_TO),
            ),
            Action(
                "run.from_selected",
                "Run &from selection",
                ("Ctrl+Shift+F5",),
                "run-from",
                "Run the selected tasks and what stands behind them, on what an earlier run gave.",
                (DOCUMENT, IDLE, PART_FROM),
            ),
            SEPARATOR,
            Action("run.stop", "&Stop", ("Ctrl+Alt+Return",), "stop", "End the run; what was finished is kept.", (DOCUMENT, RUN)),
            Action("run.pause", "&Pause", ("Ctrl+Alt+P",), "pause", "Start nothing new until resumed.", (DOCUMENT, RUN), checkable=True),
        ),
    ),
    (
        "&Help",
        (
            Action("help.welcome", "&Welcome and examples", (), "home", "Show the examples."),
            Action("help.tour", "&Tour", (), None, "Show the three steps of a first visit."),
            Action("help.guide", "&Guide", ("Shift+F1",), "book", "Show how to build, run and extend jobs."),
            Action("help.shortcuts", "&Keyboard shortcuts...", ("F1",), None, "List every action with its keys, and change them."),
            SEPARATOR,
            Action("help.about", "&About Ephemeral", (), "note", "Show version and licence."),
        ),
    ),
)

TOOL_BAR: Final = (
    "file.new",
    "file.open",
    "file.save",
    SEPARATOR,
    "edit.undo",
    "edit.redo",
    SEPARATOR,
    "run.start",
    "run.stop",
    "run.pause",
    SEPARATOR,
    "view.fit",
    "view.layout",
)
ICON_ONLY: Final = frozenset({"edit.undo", "edit.redo"})
ACCENT: Final = "run.start"

ACTIONS: Final = {entry.id: entry for _, entries in MENUS for entry in entries if isinstance(entry, Action)}
"""The rows by id, in the order of the menus."""
