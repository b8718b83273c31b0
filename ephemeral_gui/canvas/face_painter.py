"""Paints the face of one task: everything of a node in one go, as much of it as the zoom lets the eye see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt

from ephemeral_gui.canvas.geometry import (
    NODE_BODY,
    NODE_WIDTH,
    PADDING,
    PILL_BODY,
    PILL_WIDTH,
    PORT_RADIUS,
    input_place,
    output_place,
)
from ephemeral_gui.canvas.style import FAR_ZOOM, NEAR_ZOOM
from ephemeral_gui.widgets.state_words import short_count
from ephemeral_gui.widgets.strip import paint_strip

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from ephemeral_gui.canvas.face import Face
    from ephemeral_gui.canvas.style import CanvasStyle

INNER_WIDTH: Final = NODE_WIDTH - 2 * PADDING
_STRIP: Final = QRectF(PADDING, 67, INNER_WIDTH, 4)
_TITLE_ICON: Final = QRectF(12, 11, 14, 14)
_NEAR_LINE: Final = 79.0
_STATE_ICON: Final = QRectF(12, 47, 12, 12)
_BADGE: Final = QRectF(NODE_WIDTH - PADDING - 13, 11, 14, 14)
COUNT_OUT: Final = QRectF(NODE_WIDTH - PADDING - 44, 79, 44, 16)
_FAN_OUT: Final = QRectF(NODE_WIDTH - 24, -9, 32, 18)
_NODE_RADIUS: Final = 8
_PILL_RADIUS: Final = 12


def paint_face(painter: QPainter, face: Face, style: CanvasStyle, *, is_selected: bool = False) -> None:
    """Paint the whole node, its left upper corner at the origin."""
    if style.zoom < FAR_ZOOM:
        _paint_far(painter, face, style, is_selected=is_selected)
        return
    if is_selected:
        _paint_selection(painter, face, style)
    if face.is_pill:
        _paint_pill(painter, face, style)
    else:
        _paint_node(painter, face, style)
    _paint_ports(painter, face, style)


def paint_hover(painter: QPainter, face: Face, style: CanvasStyle) -> None:
    """Draw a calm outline a little stronger; one that tells of a state says enough."""
    if style.zoom >= FAR_ZOOM and style.is_calm(face.status.state):
        body, radius = (PILL_BODY, _PILL_RADIUS) if face.is_pill else (NODE_BODY, _NODE_RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(style.pen(style.theme.control, 1.0))
        painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def paint_lit_port(painter: QPainter, face: Face, style: CanvasStyle) -> None:
    """Light the port that the wire being dragged may go to."""
    place = input_place(face.type) if style.fits_inputs else output_place(face.type)
    if place is not None and style.zoom >= FAR_ZOOM:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(style.pen(style.theme.accent, 1.0))
        painter.drawEllipse(place, PORT_RADIUS + 2.5, PORT_RADIUS + 2.5)


def _paint_far(painter: QPainter, face: Face, style: CanvasStyle, *, is_selected: bool) -> None:
    body = PILL_BODY if face.is_pill else NODE_BODY
    _paint_far_words(painter, face, style, body)
    if is_selected:
        ring = 2 / style.zoom
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(style.pen(style.theme.accent, round(ring, 1)))
        painter.drawRect(body.adjusted(-ring, -ring, ring, ring))


def _paint_far_words(painter: QPainter, face: Face, style: CanvasStyle, body: QRectF) -> None:
    status = face.status
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour(style.theme.state_colour(status.state)))
    painter.drawRoundedRect(body, 10, 10)
    ink = style.ink(status.state)
    if face.is_pill:
        style.draw_icon(painter, status.state, ink, QRectF(18, 6, 32, 32))
        return
    width = style.width_of("far", status.far_text) if status.far_text else 0.0
    left = (NODE_WIDTH - 36 - (12 + width if width else 0)) / 2
    style.draw_icon(painter, status.state, ink, QRectF(left, 32, 36, 36))
    if width:
        style.draw_text(painter, "far", status.far_text, ink, left + 48, 62)


def _paint_selection(painter: QPainter, face: Face, style: CanvasStyle) -> None:
    body = PILL_BODY if face.is_pill else NODE_BODY
    radius = 15 if face.is_pill else 11
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(style.pen(style.theme.accent, 2.0))
    painter.drawRoundedRect(body.adjusted(-4, -4, 4, 4), radius, radius)


def _paint_body(painter: QPainter, face: Face, style: CanvasStyle, body: QRectF, radius: float) -> None:
    pen = style.outline(face.status.state)
    inset = pen.widthF() / 2
    painter.setPen(pen)
    painter.setBrush(style.colour(style.theme.node))
    painter.drawRoundedRect(body.adjusted(inset, inset, -inset, -inset), radius, radius)


def _paint_node(painter: QPainter, face: Face, style: CanvasStyle) -> None:
    _paint_body(painter, face, style, NODE_BODY, _NODE_RADIUS)
    _paint_head(painter, face, style)
    _paint_state(painter, face, style)
    paint_strip(painter, _STRIP, face.status.shares, style.theme)
    if style.zoom >= NEAR_ZOOM:
        _paint_near(painter, face, style)
    _paint_counts(painter, face, style)
    if face.problems:
        _paint_badge(painter, face, style)
    if face.fan_out:
        _paint_fan_out(painter, face, style)


def _paint_head(painter: QPainter, face: Face, style: CanvasStyle) -> None:
    theme = style.theme
    is_quiet = face.is_off or face.status.state in {"disabled", "skipped"}
    style.draw_icon(painter, face.icon, theme.text2, _TITLE_ICON)
    width = INNER_WIDTH - 20 - (18 if face.problems else 0)
    colour = theme.muted if is_quiet else theme.text
    drawn = style.draw_text(painter, "title", face.title, colour, 32, 22, width)
    if face.status.state == "disabled":
        painter.drawLine(QPointF(32, 17.8), QPointF(32 + drawn, 17.8))
    style.draw_text(painter, "method", face.method, theme.muted, PADDING, 38, INNER_WIDTH)


def _paint_state(painter: QPainter, face: Face, style: CanvasStyle) -> None:
    theme, status = style.theme, face.status
    _paint_state_icon(painter, status.state, style, _STATE_ICON)
    width = INNER_WIDTH - 19
    if status.time:
        time_width = style.width_of("state", status.time)
        style.draw_text(painter, "state", status.time, theme.text2, NODE_WIDTH - PADDING - time_width, 57)
        width -= time_width + 6
    style.draw_text(painter, "state", status.text, theme.text, 31, 57, width)


def _paint_state_icon(painter: QPainter, state: str, style: CanvasStyle, box: QRectF) -> None:
    colour = style.theme.state_colour(state)
    if state != "running":
        style.draw_icon(painter, state, colour, box)
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(style.pen(colour, 2.0, is_round=True))
    painter.drawArc(box.adjusted(1.5, 1.5, -1.5, -1.5), round((90 - style.turn) * 16), -270 * 16)


def _paint_near(painter: QPainter, face: Face, style: CanvasStyle) -> None:
    """Paint what only a near view has room for: how long one item takes, beside the method, and what the task said last."""
    pace, words = face.status.pace, " ".join(face.status.last_words.split())
    width = style.width_of("near", pace)
    if style.width_of("method", face.method) + width + 6 <= INNER_WIDTH:
        style.draw_text(painter, "near", pace, style.theme.text2, NODE_WIDTH - PADDING - width, 38)
    if words:
        style.draw_text(painter, "near", words, style.theme.text2, PADDING, _NEAR_LINE, INNER_WIDTH)


def _paint_counts(painter: QPainter, face: Face, style: CanvasStyle) -> None:
    theme, status = style.theme, face.status
    base = 92.5 if style.zoom >= NEAR_ZOOM and status.last_words else 90.0
    came, out = f"{short_count(status.items_in)} in", f"{short_count(status.items_out)} out"
    style.draw_text(painter, "count", came, theme.muted, PADDING, base)
    style.draw_text(painter, "count", out, theme.muted, NODE_WIDTH - PADDING - style.width_of("count", out), base)
    failed = f"{short_count(status.failed)} failed"
    room = INNER_WIDTH - 2 * max(style.width_of("count", came), style.width_of("count", out)) - 8
    if status.failed and style.width_of("count", failed) <= room:
        style.draw_text(painter, "count", failed, theme.error_text, (NODE_WIDTH - style.width_of("count", failed)) / 2, base)


def _paint_badge(painter: QPainter, face: Face, style: CanvasStyle) -> None:
    theme = style.theme
    box = QRectF(PILL_WIDTH - 7, -7, 14, 14) if face.is_pill else _BADGE
    style.draw_icon(painter, *(("error", theme.state_colour("failed")) if face.has_error else ("warning", theme.warning_mark)), box)


def _paint_fan_out(painter: QPainter, face: Face, style: CanvasStyle) -> None:
    theme = style.theme
    has_count = face.status.items_out > 0
    colour = style.type_colour(face.produced) if has_count else theme.node_border
    width = max(_FAN_OUT.width(), style.width_of("badge", face.fan_out) + 14)
    box = QRectF(_FAN_OUT.right() - width, _FAN_OUT.top(), width, _FAN_OUT.height())
    painter.setPen(style.pen(colour, 1.2))
    painter.setBrush(style.colour(theme.panel))
    painter.drawRoundedRect(box, 9, 9)
    left = box.center().x() - style.width_of("badge", face.fan_out) / 2
    style.draw_text(painter, "badge", face.fan_out, theme.text if has_count else theme.text2, left, box.center().y() + 4)


def _paint_pill(painter: QPainter, face: Face, style: CanvasStyle) -> None:
    theme, status = style.theme, face.status
    _paint_body(painter, face, style, PILL_BODY, _PILL_RADIUS)
    style.draw_text(painter, "pill", face.title, theme.text, 12, 19, PILL_WIDTH - 20)
    _paint_state_icon(painter, status.state, style, QRectF(12, 24, 12, 12))
    count = max(status.items_in, status.items_out)
    style.draw_text(painter, "count", short_count(count), theme.text2, 29, 34, PILL_WIDTH - 36)
    if face.problems:
        _paint_badge(painter, face, style)


def _paint_ports(painter: QPainter, face: Face, style: CanvasStyle) -> None:
    status = face.status
    enters, leaves = input_place(face.type), output_place(face.type)
    if enters is not None:
        _paint_port(painter, style, enters, face.consumed, is_filled=status.items_in > 0)
    if leaves is not None:
        _paint_port(painter, style, leaves, face.produced, is_filled=status.items_out > 0)


def _paint_port(painter: QPainter, style: CanvasStyle, place: QPointF, type_name: str | None, *, is_filled: bool) -> None:
    theme = style.theme
    colour = style.type_colour(type_name)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour(theme.canvas))
    painter.drawEllipse(place, PORT_RADIUS + 1, PORT_RADIUS + 1)
    painter.setPen(style.pen(colour, 1.4))
    painter.setBrush(style.colour(colour if is_filled else theme.canvas))
    painter.drawEllipse(place, PORT_RADIUS - 0.7, PORT_RADIUS - 0.7)
