"""The colours of look: readable, and apart from one another, also for eyes that lack red or green."""

from __future__ import annotations

import itertools
import math
import re

import pytest

from ephemeral_gui.widgets.contrast import contrast, ink_on
from ephemeral_gui.widgets.theme import DARK, LIGHT, Theme
from ephemeral_gui.widgets.type_groups import TYPE_GROUPS, type_group

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
GROUNDS = ("window", "panel", "node", "field", "hover", "row", "canvas")

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB
EYES = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
Triple = tuple[float, float, float]


def linear(colour: str) -> Triple:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return red, green, blue


def seen(colour: str, eyes: str) -> Triple:
    light = linear(colour)
    red, green, blue = (min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, light, strict=True)))) for row in EYES[eyes])
    return red, green, blue


def lab(light: Triple) -> Triple:
    red, green, blue = light
    xyz = (
        (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883,
    )
    x, y, z = (each ** (1 / 3) if each > 216 / 24389 else (24389 / 27 * each + 16) / 116 for each in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(first: Triple, second: Triple) -> float:
    """Distance of two colours in CIE L*a*b* (Sharma, Wu and Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - math.sqrt(mean7 / (mean7 + 25**7)))
    c1, c2 = math.hypot((1 + g) * a1, b1), math.hypot((1 + g) * a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, (1 + g) * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    middle, c = (l1 + l2) / 2, (c1 + c2) / 2
    h = h1 + h2 if c1 * c2 == 0 else (h1 + h2 if abs(h1 - h2) <= 180 else h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2
    cosines = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    t = 1 + sum(weight * math.cos(math.radians(times * h + shift)) for weight, times, shift in cosines)
    sl = 1 + 0.015 * (middle - 50) ** 2 / math.sqrt(20 + (middle - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    rotation = -2 * math.sqrt(c**7 / (c**7 + 25**7)) * math.sin(math.radians(60 * math.exp(-(((h - 275) / 25) ** 2))))
    dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / sc, hue / sh
    return math.sqrt(dl * dl + dc * dc + dh * dh + rotation * dc * dh)


def least_distance(colours: dict[str, str], eyes: str) -> tuple[float, frozenset[str]]:
    values = {name: lab(seen(colour, eyes)) for name, colour in colours.items()}
    return min((ciede2000(values[one], values[other]), frozenset((one, other))) for one, other in itertools.combinations(values, 2))


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [  # rows of the table by which implementations are checked
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_that_the_measure_of_distance_is_the_published_one(first: Triple, second: Triple, distance: float) -> None:
    assert ciede2000(first, second) == pytest.approx(distance, abs=1e-4)


@THEMES
def test_that_every_colour_is_written_in_six_digits(theme: Theme) -> None:
    for colour in (*theme.tokens().values(), *theme.states.values(), *theme.types.values()):
        assert re.fullmatch(r"#[0-9a-f]{6}", colour)


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
def test_that_text_is_readable_on_every_ground(theme: Theme, ground: str) -> None:
    for ink in ("text", "text2", "muted", "error_text"):
        assert contrast(getattr(theme, ink), getattr(theme, ground)) >= 4.5, ink


@THEMES
def test_that_the_accent_is_readable_and_carries_readable_text(theme: Theme) -> None:
    assert contrast(theme.accent, theme.panel) >= 4.5
    assert contrast(theme.on_accent, theme.accent) >= 4.5


@THEMES
def test_that_outlines_of_fields_and_idle_wires_and_marks_are_seen(theme: Theme) -> None:
    assert contrast(theme.control, theme.panel) >= 3
    assert contrast(theme.idle_wire, theme.canvas) >= 3
    assert contrast(theme.warning_mark, theme.node) >= 3


@THEMES
@pytest.mark.parametrize("ground", ["node", "canvas", "panel", "row"])
def test_that_states_are_seen_wherever_they_are_drawn(theme: Theme, ground: str) -> None:
    for state, colour in theme.states.items():
        assert contrast(colour, getattr(theme, ground)) >= 3, state


@THEMES
def test_that_types_are_seen_on_the_canvas(theme: Theme) -> None:
    for name, colour in theme.types.items():
        assert contrast(colour, theme.canvas) >= 3, name


@THEMES
def test_that_the_better_ink_reads_on_every_state_and_type(theme: Theme) -> None:
    assert min(contrast(ink_on(colour), colour) for colour in theme.states.values()) >= 4.5
    assert min(contrast(ink_on(colour), colour) for colour in theme.types.values()) >= 4.4


@pytest.mark.parametrize(
    ("theme", "eyes", "least"),
    [
        (DARK, "normal", 12.7),
        (DARK, "protanopia", 11.0),
        (DARK, "deuteranopia", 11.9),
        (LIGHT, "normal", 14.5),
        (LIGHT, "protanopia", 10.1),
        (LIGHT, "deuteranopia", 10.9),
    ],
)
def test_that_any_two_states_stay_apart(theme: Theme, eyes: str, least: float) -> None:
    distance, pair = least_distance(dict(theme.states), eyes)
    assert distance >= least - 0.06, pair


@pytest.mark.parametrize(
    ("theme", "eyes", "least"),
    [
        (DARK, "normal", 18.5),
        (DARK, "protanopia", 16.8),
        (DARK, "deuteranopia", 16.1),
        (LIGHT, "normal", 19.4),
        (LIGHT, "protanopia", 12.7),
        (LIGHT, "deuteranopia", 10.7),
    ],
)
def test_that_any_two_types_stay_apart(theme: Theme, eyes: str, least: float) -> None:
    distance, pair = least_distance(dict(theme.types), eyes)
    assert distance >= least - 0.06, pair


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("string", "text"),
        ("combined-string", "text"),
        ("integer", "number"),
        ("float", "number"),
        ("list(string)", "list"),
        ("list(list(map))", "list"),
        ("split-map", "map"),
        ("dataset", "dataset"),
        ("future", "future"),
        ("picture", "picture"),
        ("any", "any"),
        ("", "any"),
    ],
)
def test_that_a_type_name_belongs_to_its_group(name: str, group: str) -> None:
    assert type_group(name) == group


def test_that_unknown_names_keep_one_colour_and_never_that_of_any() -> None:
    groups = {name: type_group(name) for name in (f"thing{number}" for number in range(200))}
    assert set(groups.values()) == set(TYPE_GROUPS) - {"any"}
    assert type_group("thing7") == groups["thing7"] == type_group("thing7(string)")


def test_that_a_state_without_a_colour_is_drawn_as_ready() -> None:
    assert DARK.state_colour("nonsense") == DARK.state_colour("ready")
