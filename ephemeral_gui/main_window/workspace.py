"""The folder whose task namespaces are used beside the built-in ones, whether its code may be loaded, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ephemeral_gui.main_window.workspace_watch import WorkspaceWatch

if TYPE_CHECKING:
    from pathlib import Path

    from engine.catalog import Catalog
    from engine.problems import Problem


class Workspace(QObject):
    """Holds the catalogue of the window, read when it is first asked for and again when files of the workspace were changed."""

    changed = Signal()
    """``catalog`` is another one than before."""

    def __init__(self, folder: Path | None, parent: QObject, *, trust: bool) -> None:
        super().__init__(parent)
        self._folder = folder
        self._trust = trust
        self._catalog: Catalog | None = None
        self._watch = WorkspaceWatch(self)
        self._watch.changed.connect(self._read)

    @property
    def catalog(self) -> Catalog:
        """The methods that job maps may name."""
        if self._catalog is None:
            self._read()
        assert self._catalog is not None  # noqa: S101  for the type checker: it has been read
        return self._catalog

    @property
    def folder(self) -> Path | None:
        """The folder; None where there is no workspace."""
        return self._folder

    @property
    def name(self) -> str | None:
        """The folder's name; None where there is no workspace."""
        return None if self._folder is None else self._folder.name

    @property
    def is_restricted(self) -> bool:
        """True where there is a workspace whose code may not be loaded."""
        from engine.catalog.trust import is_trusted  # noqa: PLC0415  asked only where there is a workspace

        return self._folder is not None and not self._trust and not is_trusted(self._folder)

    @property
    def faults(self) -> tuple[Problem, ...]:
        """What keeps definitions of the workspace from being used."""
        return () if self._folder is None else tuple(problem for problem in self.catalog.problems if problem.is_error)

    def change(self, folder: Path | None, *, trust: bool) -> None:
        """Use another folder, or none."""
        self._folder = folder
        self._trust = trust
        self._read()

    def trust_it(self) -> None:
        """Load the workspace's code from now on, in this window and later ones."""
        from engine.catalog.trust import trust  # noqa: PLC0415

        if self._folder is not None:
            trust(self._folder)
            self.change(self._folder, trust=True)

    def _read(self) -> None:
        from engine.catalog import load_catalog  # noqa: PLC0415  not needed before the window is shown

        self._watch.follow(self._folder)  # before it is read: what is written meanwhile is read again
        self._catalog = load_catalog(self._folder, trust=self._trust)
        self.changed.emit()
