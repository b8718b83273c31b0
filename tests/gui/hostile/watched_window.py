"""A window in a process of its own that shows hostile maps, and a watch over what the process opens, imports, starts or asks for.

An audit hook cannot be taken out again, hence the process. What Qt opens itself no hook of Python sees: there the kernel tells
(inotify), by a folder that only the maps name, and a socket that only the maps lead to.

    python -m tests.gui.hostile.watched_window FOLDER FIRST COUNT ROAD BREACH+BREACH

prints what was seen as one line of JSON.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import os
import select
import socket
import struct
import sys
import time
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QSettings, Qt
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QWidget
from typing_extensions import override

from engine import lazy_dataclasses
from engine.catalog.installation import JOBS, RESOURCES
from engine.model.editing import describe
from ephemeral_gui import app
from ephemeral_gui.canvas.note_text import NoteText
from ephemeral_gui.canvas.tips import task_words, wire_words
from ephemeral_gui.document.storage import save_document
from ephemeral_gui.main_window.search_entries import search_entries
from ephemeral_gui.qt_loop import EventLoop
from ephemeral_gui.widgets.labels import tool_tip
from tests.gui.hostile.breaches import BREACHES
from tests.gui.hostile.hostile_maps import Bait, hostile_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QModelIndex

    from ephemeral_gui.main_window.window import MainWindow

TURNS: Final = 8
DOCKS: Final = ("inspector", "outline", "problems", "progress", "results", "log", "json")
MOST_SELECTED: Final = 2
MOST_ROWS: Final = 12
OWN_CODE: Final = ("engine", "ephemeral_gui")
STARTS: Final = (
    "subprocess.",
    "socket.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.startfile",
    "os.putenv",
    "ctypes.dlopen",
)
STARTS_TOO: Final = ("webbrowser.", "urllib.", "pickle.", "pty.", "shutil.", "tempfile.", "ftplib.", "smtplib.", "http.")
FILES: Final = (
    "open",
    "os.listdir",
    "os.scandir",
    "os.remove",
    "os.rename",
    "os.link",
    "os.symlink",
    "os.mkdir",
    "os.chmod",
    "os.truncate",
)
OWN_FIGURES: Final = (
    Path("/proc/self/stat"),
    Path("/proc/self/statm"),
    Path("/proc/sys/kernel/random/boot_id"),
    Path(f"/proc/{os.getpid()}/stat"),
)
DRAWN: Final = (
    b'"notes": [{"text": "**a** [b](http://host.invalid)", "position": [0, 0], "size": [99, 99]}],'
    b'"frames": [{"title": "a", "position": [0, 0], "size": [99, 99]}], "positions"'
)
OPENED: Final = 0x20 | 0x01
"""The kernel's IN_OPEN and IN_ACCESS."""


class Watch:
    """Notes every event that a window which only shows things has no business with."""

    def __init__(self, allowed: tuple[Path, ...]) -> None:
        self.seen: list[str] = []
        self.files: set[str] = set()
        self._allowed = tuple(str(each) for each in allowed)
        self._is_on = False
        sys.addaudithook(self._note)

    @contextmanager
    def on(self, *files: Path) -> Iterator[None]:
        """Watch, and let these files be opened."""
        self.files = {str(file) for file in files}
        self._is_on = True
        try:
            yield
        finally:
            self._is_on = False

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._is_on and not self._is_own_business(event, arguments):
            self.seen.append(f"{event} {arguments[0]!r}"[:300])

    def _is_own_business(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event in FILES:
            return isinstance(arguments[0], int) or self._may_open(os.fsdecode(arguments[0]))
        if event == "import":
            return str(arguments[0]).split(".")[0] in OWN_CODE
        if event in ("exec", "compile"):
            is_own = str(getattr(arguments[0], "co_filename", "")).startswith(self._allowed)
            return is_own or sys._getframe(2).f_code.co_filename == lazy_dataclasses.__file__  # which writes the code of its own fields
        return not event.startswith(STARTS + STARTS_TOO)

    def _may_open(self, path: str) -> bool:
        return path in self.files or path.startswith(self._allowed)


class BaitWatch:
    """Counts, by the kernel, every opening of what lies in the bait folder, and every connection to the bait address."""

    def __init__(self, folder: Path) -> None:
        self._lay(folder)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.bait = Bait(folder, f"http://127.0.0.1:{self.socket.getsockname()[1]}")
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = self._libc.inotify_init1(os.O_NONBLOCK)
        if self._descriptor < 0 or self._libc.inotify_add_watch(self._descriptor, os.fsencode(folder), OPENED) < 0:
            raise OSError(ctypes.get_errno(), "the kernel does not tell of opened files")

    def _lay(self, folder: Path) -> None:
        folder.mkdir()
        picture = QImage(8, 8, QImage.Format.Format_RGB32)
        picture.fill(Qt.GlobalColor.red)
        if not picture.save(str(folder / "picture.png")):
            raise OSError("the bait was not laid")
        for name in ("secret.txt", "data.nc", "page.html"):
            (folder / name).write_text("bait")
        (folder / "job.json").write_bytes((JOBS / "simple-example" / "job.json").read_bytes())
        os.mkfifo(folder / "pipe")  # whoever opens it hangs

    def opened(self) -> list[str]:
        """Return the names of the files that were opened."""
        names = []
        while select.select([self._descriptor], [], [], 0)[0]:
            data = os.read(self._descriptor, 65_536)
            while data:
                length = struct.unpack_from("iIII", data)[3]
                names.append(data[16 : 16 + length].rstrip(b"\0").decode() or "the folder")
                data = data[16 + length :]
        return names

    def connections(self) -> int:
        """Return how many came to the address."""
        count = 0
        while select.select([self.socket], [], [], 0)[0]:
            self.socket.accept()[0].close()
            count += 1
        return count


class CountingText(QTextDocument):
    """Lays a text out as Qt does with tool tips, and counts what it asks for."""

    asked = 0

    @override
    def loadResource(self, type: int, name: object) -> object:
        CountingText.asked += 1
        return None


class Complaints(logging.Handler):
    """Keeps every warning and error of our own code."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.words.append(f"{record.getMessage()[:300]} {trace[-1500:]}")


def _text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


async def settle() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


class Viewer:
    """Shows one map after the other, everywhere that its texts are shown."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window = window
        self.folder = folder
        self.rich: list[str] = []
        self.shown = {"maps": 0, "broken": 0, "taken": 0}

    async def show(self, road: str, path: Path, number: int) -> None:
        """Bring a map into the window on that road, look at it everywhere, and close it."""
        before = self.window.tabs.pages()
        self.shown["maps"] += 1
        await getattr(self, f"_by_{road}")(path)
        self.shown["broken"] += self.window.page is None
        await self._look(number)
        for page in before:
            self.window.pages.remove(page)
        await settle()

    async def _by_file(self, path: Path) -> None:
        self.window.open_job_map(path)
        await settle()

    async def _by_typing(self, path: Path) -> None:
        """Take the text of a new map away, put this one there, and type its last characters."""
        self.window.file_commands.new()
        self.window.docks.reveal("json")
        await settle()
        text = _text_of(path)
        editor = self.window.panels.json.editor
        QApplication.clipboard().setText(text[:-3])
        editor.selectAll()
        editor.paste()
        QTest.keyClicks(editor, "".join(each if each.isprintable() else " " for each in text[-3:]))
        self.window.panels.json.flush()
        await settle()
        self._count_taken()

    async def _by_clipboard(self, path: Path) -> None:
        self.window.file_commands.new()
        await settle()
        QApplication.clipboard().setText(_text_of(path))
        self.window.actions_by_id["edit.paste"].trigger()
        await settle()
        self._count_taken()

    def _count_taken(self) -> None:
        """Note whether the new map has become another one."""
        self.shown["taken"] += self.window.document is not None and self.window.document.undo_stack.count() > 0

    async def _look(self, number: int) -> None:
        window, page = self.window, self.window.page
        search_entries(window)
        if page is not None and page.document.job_map is not None:
            keys = [task.key for task in page.document.job_map.tasks]
            for key in keys[:MOST_SELECTED]:
                page.canvas.select([key])
                await asyncio.sleep(0)
            page.canvas.select(keys[:3])
            self._edit_and_save(number)
            page.canvas.fit()
        window.docks.reveal(DOCKS[number % len(DOCKS)])
        await settle()
        self._read_tips()
        window.grab()

    def _edit_and_save(self, number: int) -> None:
        """Do what puts names into histories and recent files, then save beside the map."""
        document = self.window.document
        if document is None or number % 4:
            return
        name = document.job_map.name or "x"
        document.change(f"Rename {name}", describe(document.job_map, name=f"{name} again", description=None))
        document.undo_stack.undo()
        document.undo_stack.redo()
        save_document(document, self.folder / "saved" / "job.json", self.window.catalog)
        self.window.recent.add(self.folder / "saved" / "<img src='x'>.json")

    def _read_tips(self) -> None:
        for widget in self.window.findChildren(QWidget):
            self._read(widget.toolTip())
            self._read(widget.whatsThis())
            if isinstance(widget, QLabel) and widget.textFormat() is not Qt.TextFormat.PlainText and "<" in widget.text():
                self.rich.append(f"{type(widget).__name__} {widget.objectName()}: {widget.text()[:200]}")
            if isinstance(widget, QAbstractItemView) and widget.model() is not None:
                self._read_rows(widget)
        tabs = self.window.tabs
        for index in range(tabs.count()):
            self._read(tabs.tabToolTip(index))
        if self.window.page is not None:
            projection = self.window.page.canvas.viewer.projection
            for item in list(projection.items.values())[:MOST_ROWS]:
                self._read(tool_tip(task_words(item)))
            for wire in list(projection.wires.values())[:MOST_ROWS]:
                self._read(tool_tip(wire_words(wire)))

    def _read_rows(self, view: QAbstractItemView) -> None:
        waiting: list[QModelIndex] = [view.rootIndex()]
        seen = 0
        while waiting and seen < MOST_ROWS:
            parent = waiting.pop()
            for row in range(min(view.model().rowCount(parent), MOST_ROWS)):
                index = view.model().index(row, 0, parent)
                columns = 1 if isinstance(view.model(), QAbstractListModel) else view.model().columnCount(parent)
                for column in range(columns):
                    tip = index.siblingAtColumn(column).data(Qt.ItemDataRole.ToolTipRole)
                    self._read(tip if isinstance(tip, str) else "")
                waiting.append(index)
                seen += 1

    def _read(self, tip: str) -> None:
        """Lay a tool tip out as Qt would."""
        if "<" in tip:
            if not tip.startswith('<p style="white-space:pre-wrap; margin:0">') or tip.count("<") != 2:
                self.rich.append(f"tool tip: {tip[:200]}")
            document = CountingText()
            document.setHtml(tip)
            document.size()


async def main(folder: Path, seeds: range, road: str, breach: str) -> dict[str, Any]:
    complaints = Complaints()
    logging.getLogger().addHandler(complaints)
    notes = _count_notes()
    baits = BaitWatch(folder / "bait")
    maps = folder / "maps"
    maps.mkdir()
    (folder / "saved").mkdir()
    code = Path(__file__).parents[3]
    watch = Watch((folder / "state", folder / "config", folder / "saved", RESOURCES, code / "engine", code / "ephemeral_gui"))
    window = app.show_window()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: window.report(context.get("exception") or RuntimeError(context["message"])))
    sys.excepthook = lambda _kind, error, trace: window.report(error.with_traceback(trace))
    viewer = Viewer(window, folder)
    await _warm_up(viewer, maps, road)
    for each in breach.split("+"):
        BREACHES[each]()
    baits.opened()
    slow: list[tuple[float, int]] = []
    for number, seed in enumerate(seeds):
        path = maps / f"{seed}.json"
        path.write_bytes(data := hostile_map(seed, baits.bait))
        before = time.process_time()
        with watch.on(maps, *(maps / f"{each}.json" for each in seeds), *OWN_FIGURES):
            await viewer.show(road, path, number)
        slow.append((round(time.process_time() - before, 2), seed))
        if path.read_bytes() != data:
            viewer.rich.append(f"the file of map {seed} was changed")
    window.leaving.may_close = True
    window.close()
    return {
        **viewer.shown,
        "seen": watch.seen,
        "bait": baits.opened(),
        "connections": baits.connections(),
        "resources": notes[0] + CountingText.asked,
        "rich": viewer.rich,
        "complaints": complaints.words,
        "had_bug": window.had_bug,
        "slowest": sorted(slow),
    }


def _count_notes() -> list[int]:
    """Count what notes ask for; the answer stays theirs."""
    count = [0]
    answer = NoteText.loadResource

    def counted(note: NoteText, kind: int, name: Any) -> Any:
        count[0] += 1
        return answer(note, kind, name)

    NoteText.loadResource = counted  # type: ignore[method-assign,assignment]
    return count


async def _warm_up(viewer: Viewer, maps: Path, wanted: str) -> None:
    """Show maps of every kind that mean no harm, so that what the window loads for its own work is loaded."""
    spoiled = Path(__file__).parents[2] / "spoiled_maps"
    plain = (JOBS / "simple-example" / "job.json").read_bytes()
    texts = [plain, plain.replace(b'"positions"', DRAWN), plain.replace(b'"This is a test!"', b"0.1234567890123456789")]
    texts += [(spoiled / f"{name}.json").read_bytes() for name in ("cycle", "unknown-method", "empty")]
    for number, text in enumerate(texts):
        for road in {"file", wanted}:
            path = maps / f"benign-{number}-{road}.json"
            path.write_bytes(text)
            await viewer.show(road, path, 4 * number)
    viewer.shown = dict.fromkeys(viewer.shown, 0)
    viewer.rich.clear()


if __name__ == "__main__":
    place, first, count, wanted_road, wanted_breach = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
    "".encode("utf-16-le")  # the codec is looked up once
    os.environ.update(XDG_STATE_HOME=str(place / "state"), XDG_CONFIG_HOME=str(place / "config"), QT_QPA_PLATFORM="offscreen")
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(place / "config"))
    application = app.make_application()
    with asyncio.Runner(loop_factory=lambda: EventLoop(application)) as runner:
        try:
            report = runner.run(main(place, range(first, first + count), wanted_road, wanted_breach))
        finally:
            sys.excepthook = sys.__excepthook__
    print(json.dumps(report), flush=True)  # noqa: T201  the one line that is asked for
    os._exit(0)
