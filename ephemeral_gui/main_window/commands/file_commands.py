"""Opening, saving and closing: ``file.*``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from engine.errors import EphemeralError
from engine.model.job_map import empty_job_map
from ephemeral_gui.document.document import Document
from ephemeral_gui.document.storage import ChangedOnDiskError, load_theirs, save_document, write_script
from ephemeral_gui.main_window.dialogs import (
    PICTURE_FILES,
    SCRIPT_FILES,
    ask_for_file_to_open,
    ask_for_file_to_save,
    ask_for_folder,
)

if TYPE_CHECKING:
    from ephemeral_gui.main_window.job_page import JobPage
    from ephemeral_gui.main_window.window import MainWindow


class FileCommands:
    """Brings job maps into tabs and back into files. Methods that ask the user return at once; the asking goes on in the background."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def new(self) -> None:
        """Start with an empty job map."""
        self._window.pages.add(Document(empty_job_map()))

    def new_from_template(self) -> None:
        """Show the gallery of templates."""
        from ephemeral_gui.main_window.welcome import make_gallery  # noqa: PLC0415  examples are read only when they are shown

        if self._window.findChild(QDialog, "gallery") is None:
            make_gallery(self._window).open()

    def open(self) -> None:
        """Ask for a file and open it."""
        self._window.background.start(self._open())

    def open_workspace(self) -> None:
        """Ask for a folder and use its task namespaces."""
        self._window.background.start(self._open_workspace())

    def save(self) -> None:
        """Write the job map that is shown to its file; ask for one where it has none."""
        if self._window.page is not None:
            self._window.background.start(self.save_page(self._window.page))

    def save_as(self) -> None:
        """Ask for a file and write the job map that is shown to it."""
        if self._window.page is not None:
            self._window.background.start(self.save_page_as(self._window.page))

    def revert(self) -> None:
        """Take over what the file of the job map that is shown holds, as one step that can be undone."""
        page = self._window.page
        if page is None:
            return
        try:
            load_theirs(page.document, "Revert to the file")
        except EphemeralError as error:
            self._window.show_error(f"Not reverted: {error}")
        page.file_changes.watch.check_now()

    def compare(self) -> None:
        """Ask for a job map and show what it has otherwise than the one that is shown."""
        if self._window.page is not None:
            self._window.background.start(self._compare(self._window.page))

    def export_picture(self) -> None:
        """Ask for a file and draw the canvas that is shown into it."""
        if self._window.page is not None:
            self._window.background.start(self._export_picture(self._window.page))

    def export_script(self) -> None:
        """Ask for a file and write a script to it that runs the job map that is shown."""
        if self._window.page is not None:
            self._window.background.start(self._export_script(self._window.page))

    def close(self) -> None:
        """Close the tab that is shown."""
        self._window.leaving.close_tab(self._window.tabs.currentWidget())

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    async def save_page(self, page: JobPage) -> bool:
        """Save a page's document and return whether it is saved now."""
        self._window.panels.json.flush()
        if page.document.path is None:
            return await self.save_page_as(page)
        return self._write(page, page.document.path)

    async def save_page_as(self, page: JobPage) -> bool:
        """Ask for a file, write to it, and return whether that was done."""
        path = await ask_for_file_to_save(self._window, self._suggested_path(page))
        return path is not None and self._write(page, path, replace_any=True)

    async def _compare(self, page: JobPage) -> None:
        path = await ask_for_file_to_open(self._window, self._folder(), "Compare with")
        if path is not None:
            page.comparing.start(path)

    async def _export_picture(self, page: JobPage) -> None:
        suggested = self._suggested_path(page).with_suffix(".png")
        path = await ask_for_file_to_save(self._window, suggested, "Export picture", PICTURE_FILES)
        if path is None:
            return
        from ephemeral_gui.canvas.picture import write_picture  # noqa: PLC0415  not needed before the window is shown

        try:
            write_picture(page.document.job_map, self._window.catalog, path, self._window.look.theme)
        except (EphemeralError, ValueError) as error:
            self._window.show_error(f"No picture was written: {error}")
        else:
            self._window.status.say(f"Picture written: {path}")

    async def _export_script(self, page: JobPage) -> None:
        suggested = self._suggested_path(page).with_suffix(".py")
        path = await ask_for_file_to_save(self._window, suggested, "Export Python script", SCRIPT_FILES)
        if path is None:
            return
        try:
            write_script(page.document.job_map, path, self._window.catalog, self._window.workspace.folder)
        except EphemeralError as error:
            self._window.show_error(f"No script was written: {error}")
        else:
            self._window.status.say(f"Script written: {path}")

    def _write(self, page: JobPage, path: Path, *, replace_any: bool = False) -> bool:
        try:
            warning = save_document(page.document, path, self._window.catalog, replace_any=replace_any)
        except ChangedOnDiskError:
            page.file_changes.ask_before_saving()
            return False
        except EphemeralError as error:
            self._window.show_error(f"Not saved: {error}")
            return False
        page.file_changes.watch.check_now()
        self._window.recent.add(path)
        if warning is not None:
            self._window.status.say(warning)
        return True

    async def _open(self) -> None:
        path = await ask_for_file_to_open(self._window, self._folder())
        if path is not None:
            self._window.open_job_map(path)

    async def _open_workspace(self) -> None:
        folder = await ask_for_folder(self._window, "Open workspace", self._folder())
        if folder is not None:
            self._window.use_workspace(folder)

    def _folder(self) -> Path:
        """Where a dialog begins: beside what is shown, else beside what was opened last."""
        page = self._window.page
        if page is not None and page.document.path is not None:
            return page.document.path.parent
        return next((path.parent for path in self._window.recent.paths if path.parent.is_dir()), Path.home())

    def _suggested_path(self, page: JobPage) -> Path:
        if page.document.path is not None:
            return page.document.path
        name = "".join(letter if letter.isalnum() or letter in " -_" else "-" for letter in page.title).strip()
        return self._folder() / f"{name.lower().replace(' ', '-')[:80] or 'job'}.json"
