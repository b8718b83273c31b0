"""The palette's list: keys, clicks, and dragging a method out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QDrag, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTreeView
from typing_extensions import override

from ephemeral_gui.palette.delegate import DOT_RADIUS, PaletteDelegate, star_box
from ephemeral_gui.palette.model import DEFINITION

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from PySide6.QtWidgets import QWidget

    from engine.model.definition import Definition
    from ephemeral_gui.widgets.theme import Look


class PaletteTree(QTreeView):
    """Enter or a double click asks to add a method; what is typed goes on in the filter; Up from the first row leads there too."""

    add_requested = Signal(str, str)
    dragged = Signal(object)
    """The ``Definition`` that was dropped somewhere."""
    star_requested = Signal(object)
    """The ``Definition`` whose star the user gives or takes: by a click on it, or by the key Insert."""
    typed = Signal(str)
    left_at_top = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.is_held = False
        """True from the press of a mouse button to its release, or to the end of the drag that it began."""
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.drawer = PaletteDelegate(look, self)
        self.setItemDelegate(self.drawer)
        self.setAccessibleName("Tasks by namespace")
        self.clicked.connect(self._toggle)
        self.doubleClicked.connect(self._ask)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle(index)
            self._ask(index)
        elif event.key() == Qt.Key.Key_Insert:
            self._ask_for_star(index)
        elif event.key() == Qt.Key.Key_Up and not self.indexAbove(index).isValid():
            self.left_at_top.emit()
        elif event.text().strip() and event.text().isprintable() and event.modifiers() in (_NO_KEYS, _SHIFT):
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        if index.data(DEFINITION) is not None and self._star_area(index).contains(at):
            self._ask_for_star(index)
        else:
            self.is_held = True
            super().mousePressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.is_held = False
        super().mouseReleaseEvent(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        if index.data(DEFINITION) is not None and self._star_area(index).contains(at):
            self._ask_for_star(index)
        else:
            super().mouseDoubleClickEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex() if event.reason() == QContextMenuEvent.Reason.Keyboard else self.indexAt(event.pos())
        if index.data(DEFINITION) is None:
            return
        self.setCurrentIndex(index)
        menu = QMenu(self, objectName="palette.menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Add to the canvas").triggered.connect(lambda: self._ask(index))
        menu.addAction("Favourite, or no more").triggered.connect(lambda: self._ask_for_star(index))
        menu.popup(event.globalPos())

    def _star_area(self, index: QModelIndex) -> QRect:
        row = self.visualRect(index)
        return star_box(QRect(0, row.top(), self.width(), row.height())).adjusted(-4, -6, 4, 6)

    def _ask_for_star(self, index: QModelIndex) -> None:
        definition = index.data(DEFINITION) if index.isValid() else None
        if definition is not None:
            self.star_requested.emit(definition)

    @override
    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        definition = self.currentIndex().data(DEFINITION)
        if definition is None:
            return
        drag = QDrag(self)
        drag.setMimeData(self.model().mimeData([self.currentIndex()]))
        picture = drag_picture(definition, self._look, self.devicePixelRatioF())
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(12, 14))
        if drag.exec(Qt.DropAction.CopyAction) is Qt.DropAction.CopyAction:
            self.dragged.emit(definition)
        self.is_held = False

    @override
    def drawBranches(self, painter: QPainter, rect: object, index: object) -> None:
        """Draw nothing: the delegate draws the chevrons."""

    def _toggle(self, index: QModelIndex) -> None:
        if index.isValid() and index.data(DEFINITION) is None:
            self.setExpanded(index, not self.isExpanded(index))

    def _ask(self, index: QModelIndex) -> None:
        definition = index.data(DEFINITION) if index.isValid() else None
        if definition is not None:
            self.add_requested.emit(definition.namespace, definition.name)


_NO_KEYS = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def drag_picture(definition: Definition, look: Look, ratio: float) -> QPixmap:
    """Return what hangs at the pointer while a method is dragged: a small pill with its dot and title."""
    font = look.ui_font(12, 600)
    title = QFontMetrics(font).elidedText(definition.display_title, Qt.TextElideMode.ElideRight, 180)
    width = 36 + QFontMetrics(font).horizontalAdvance(title)
    picture = QPixmap(round(width * ratio), round(28 * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(look.theme.accent), 1))
    painter.setBrush(QColor(look.theme.node))
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, 27), 8, 8)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.theme.type_colour(definition.produces[0] if definition.produces else "any")))
    painter.drawEllipse(QPointF(14, 14), DOT_RADIUS, DOT_RADIUS)
    painter.setFont(font)
    painter.setPen(QColor(look.theme.text))
    painter.drawText(QRectF(26, 0, width - 26, 28), int(Qt.AlignmentFlag.AlignVCenter), title)
    painter.end()
    return picture
