"""Job maps as an enemy writes them: each seed is one map, well-formed JSON or nearly, full of what careless programs open, run or draw."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMESPACES: Final = (
    "os",
    "sys",
    "subprocess",
    "antigravity",
    "this",
    "webbrowser",
    "idlelib.idle",
    "..evil",
    "../../x",
    "a..b",
    "__main__",
    "engine.cli.main",
    "ephemeral_gui.app",
    "task_namespaces.main.tasks",
    "http://localhost/x",
    "main",
    "main.parsing.strings",
    "x" * 10_000,
    "a." * 3_000,
    "",
    "turtledemo",
    "ctypes.util",
    "lib2to3.main",
    "{0.__class__}",
    "%n%s",
    "main\N{FULLWIDTH FULL STOP}os",
    "Main",
    "\u202eniam",
)
METHODS: Final = (
    "system",
    "popen",
    "__import__",
    "eval",
    "example",
    "split_string",
    "__class__",
    "",
    "../tasks",
    "%s" * 40,
    "os.system",
    "\0",
)
TYPES: Final = ("any", "string", "map", "<b>map</b>", "os.PathLike", "", "x" * 5_000, "\u202epam", "list[__import__('os')]")
DATASOURCES: Final = ("direct", "file", "files", "http", "os", "", "<img src=x>", "sql://", "pickle")
NUMBERS: Final = (0, -1, 2**53, -(2**53), 1e300, 1e308, 5e-324, 0.1, 1.7976931348623157e308)
CONTROLS: Final = "".join(map(chr, [*range(1, 32), 127, 0x85, 0xA0, 0xAD, 0x200B, 0x200E, 0x2028, 0x2029, 0x202E, 0x2066, 0xFEFF, 0xFFFC]))


@dataclass(frozen=True)
class Bait:
    """What must never be touched: a folder with things to open, and an address that counts who comes."""

    folder: Path
    address: str

    def paths(self) -> list[str]:
        """Return paths and addresses to name in a map: those in the folder are watched."""
        files = [str(self.folder / name) for name in ("picture.png", "secret.txt", "data.nc", "page.html", "pipe", "job.json")]
        return [
            *files,
            *(f"file://{each}" for each in files),
            f"{self.address}/x.png",
            "/etc/passwd",
            "/proc/self/environ",
            "/dev/zero",
            "~/.ssh/id_rsa",
            "../../../etc/passwd",
            "//host.invalid/share/x",
            "\\\\host.invalid\\share",
            "\\\\?\\C:\\x",
            "a\0b",
            "smb://host.invalid/x",
            "x" * 5_000,
            "con",
            "*" * 300,
            "$(touch x)",
            "; touch x",
            "| id",
            "`id`",
            "-rf",
            "@/etc/passwd",
        ]


def hostile_texts(bait: Bait) -> list[str]:
    """Return texts that do harm where they are taken for HTML, Markdown, a format, a command or an address."""
    picture, address = bait.folder / "picture.png", bait.address
    return [
        f'<img src="file://{picture}">',
        f'<img src="{picture}">',
        f"<IMG SRC='{address}/a.png'>",
        f'<a href="file://{picture}">go</a>',
        f'<p style="background-image: url({picture})">x</p>',
        f'<table background="{picture}"><tr><td>x</table>',
        f"url({picture})",
        f"<style>@import '{bait.folder / 'page.html'}'; * {{ background: url({picture}) }}</style>",
        f'<body background="{picture}">',
        f'<link rel=stylesheet href="{bait.folder / "page.html"}">',
        f'<iframe src="{address}/f"></iframe><script>open("{picture}")</script>',
        f"![a picture]({picture})",
        f"![a](<file://{picture}> 'b')",
        f"![a][1]\n\n[1]: {picture}",
        f"[click](file://{picture})",
        f"[click](javascript:open('{picture}'))",
        f"<{address}/auto>",
        f"# Title\n\n<object data='{picture}'></object>\n\n* ![x]({address}/b.png)",
        f"</p></body><img src='{picture}'>",
        f"&lt;img src='{picture}'&gt;",
        f"!\\[a]({picture})",
        f"![a\n]({picture})",
        f"!\u200b[a]({picture})",
        "javascript:alert(1)",
        "data:image/png;base64,iVBORw0KGgo=",
        "qrc:/qt-project.org/x",
        "<qt><h1>big</h1></qt>",
        "<!DOCTYPE html><b>x</b>",
        "%s%s%s%n%d",
        "{0.__class__.__mro__}",
        "{task}",
        "%(name)s",
        "${HOME}",
        "`id`",
        "$(id)",
        "&File",
        "&&&",
        "[*]",
        "[*][*]",
        "\t\n\r",
        CONTROLS,
        "\u202eexe.gpj",
        "\u2066\u2067\u202d" * 50,
        "a\u0300" * 500,
        "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 30,
        "\ufdfd" * 40,
        "\0",
        "a\0b",
        "\x1b[31mred\x1b[0m\x1b]0;title\x07",
        "'; drop table tasks; --",
        "=cmd|' /C calc'!A0",
        "{{ 7*7 }}",
        "{% include '/etc/passwd' %}",
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        "x" * 1_000,
        "word " * 400,
        "\n" * 300,
        " ",
        "",
        "None",
        "../../x",
        "con",
        "e\u0301",
        "\u00e9",
        *bait.paths(),
    ]


def hostile_map(seed: int, bait: Bait) -> bytes:
    """Return the bytes of a map: the same for the same seed and bait."""
    if seed < 0:
        return _planted(bait)
    hands = random.Random(seed)  # noqa: S311  the same maps each time
    return _KINDS[seed % len(_KINDS)](hands, bait)


def _text(hands: random.Random, bait: Bait) -> str:
    texts = hostile_texts(bait)
    one = hands.choice(texts)
    return one if hands.random() < 0.7 else f"{one} {hands.choice(texts)}"


def _value(hands: random.Random, bait: Bait, depth: int = 0) -> Any:
    kind = hands.randrange(8 if depth < 3 else 5)
    if kind < 3:
        return _text(hands, bait)
    if kind == 3:
        return hands.choice(NUMBERS)
    if kind == 4:
        return hands.choice([None, True, False, "", {"$secret": _text(hands, bait)}, {"$secret": "HOME"}])
    if kind == 5:
        return [_value(hands, bait, depth + 1) for _ in range(hands.randrange(4))]
    return {_text(hands, bait): _value(hands, bait, depth + 1) for _ in range(hands.randrange(4))}


def _task(hands: random.Random, bait: Bait, name: str) -> dict[str, Any]:
    namespace, method = hands.choice(
        [
            (hands.choice(NAMESPACES), hands.choice(METHODS)),
            (_text(hands, bait), _text(hands, bait)),
            ("main.parsing.strings", "split_string"),
            ("main", "draw_map"),
            ("main", "example"),
        ]
    )
    task: dict[str, Any] = {"name": name, "type": "function", "namespace": namespace, "method": method}
    task |= {"consumes": hands.choice(TYPES), "produces": hands.choice(TYPES)}
    arguments = {hands.choice(["path", "save_as", "folder", "command", "text", _text(hands, bait)]): _value(hands, bait) for _ in range(3)}
    task["init_args"] = {**arguments, "path": hands.choice(bait.paths())}
    if hands.random() < 0.6:
        task["description"] = _text(hands, bait)
    if hands.random() < 0.2:
        task["policy"] = {
            "retries": hands.randrange(3),
            "timeout": hands.choice([1, 0.5, 10**9]),
            "runs": hands.choice(["thread", "process"]),
        }
    if hands.random() < 0.2:
        task[_text(hands, bait) or "x"] = _value(hands, bait)
    return task


def _datasource(hands: random.Random, bait: Bait) -> dict[str, Any]:
    source = hands.choice(DATASOURCES)
    found: dict[str, Any] = {"source": source}
    found |= {"content": _value(hands, bait)} if source == "direct" else {"path": hands.choice(bait.paths())}
    return found | ({"folder": str(bait.folder), "pattern": "*"} if source == "files" else {})


def _notes(hands: random.Random, bait: Bait) -> dict[str, Any]:
    boxes = [{"position": [270.0 * n, -300.0], "size": [260, 160]} for n in range(6)]
    notes = [{**box, "text": _text(hands, bait), "title": _text(hands, bait)} for box in boxes]
    frames = [{**box, "title": _text(hands, bait), "colour": _text(hands, bait)} for box in boxes[:2]]
    return {"notes": notes, "frames": frames, _text(hands, bait): _value(hands, bait)}


def _map(hands: random.Random, bait: Bait, tasks: int = 5) -> dict[str, Any]:
    names: list[str] = []
    while len(names) < tasks:
        name = _text(hands, bait)
        names.append(name if name not in names else f"{name} {len(names)}")
    ends = [_text(hands, bait) + " in", _text(hands, bait) + " out"]
    nodes = [{"name": ends[0], "type": "input"}, *(_task(hands, bait, name) for name in names), {"name": ends[1], "type": "output"}]
    chain = [ends[0], *names, ends[1]]
    edges = [list(pair) for pair in pairwise(chain)]
    edges += [[hands.choice(chain), hands.choice([*chain, "nobody", _text(hands, bait)])] for _ in range(3)]
    layout = {"positions": {name: [200.0 * n, hands.uniform(-200, 200)] for n, name in enumerate(chain)}, **_notes(hands, bait)}
    return {
        "name": _text(hands, bait),
        "description": _text(hands, bait),
        "datasource": _datasource(hands, bait),
        "tasks": nodes,
        "workflow": edges,
        "layout": layout,
        _text(hands, bait): _value(hands, bait),
    }


def _dump(data: Any) -> bytes:
    return json.dumps(data).encode()


def _planted(bait: Bait) -> bytes:
    """Return a small map that every breach falls for."""
    data = _map(random.Random(0), bait, 2)  # noqa: S311  the same map each time
    data["datasource"] = {"source": "file", "path": f"{bait.address}/x.json"}
    data["name"] = data["description"] = f'<img src="{bait.folder / "picture.png"}">'
    data["layout"]["notes"][0]["text"] = f"![a picture]({bait.folder / 'picture.png'})"
    data["tasks"][1] |= {"namespace": "colorsys", "method": "rgb_to_hsv", "description": data["name"], "consumes": "any", "produces": "any"}
    return _dump(data)


def _plain(hands: random.Random, bait: Bait) -> bytes:
    return _dump(_map(hands, bait))


def _spoiled(hands: random.Random, bait: Bait) -> bytes:
    """Put any value at any place of the map."""
    data = _map(hands, bait)
    place: Any = data
    while isinstance(place, (dict, list)) and place:
        key = hands.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if hands.random() < 0.4 or not isinstance(place[key], (dict, list)):
            place[key] = _value(hands, bait)
            break
        place = place[key]
    return _dump(data)


def _cut_or_flipped(hands: random.Random, bait: Bait) -> bytes:
    data = bytearray(_dump(_map(hands, bait)))
    if hands.random() < 0.5:
        return bytes(data[: hands.randrange(len(data))])
    for _ in range(16):
        data[hands.randrange(len(data))] = hands.randrange(256)
    return bytes(data)


def _deep(hands: random.Random, bait: Bait) -> bytes:
    data = _map(hands, bait, 3)
    deep: Any = _text(hands, bait)
    for _ in range(hands.choice([60, 180, 400])):
        deep = [deep] if hands.random() < 0.5 else {_text(hands, bait)[:20]: deep}
    data["tasks"][1]["init_args"] = {"text": deep}
    return _dump(data)


def _long(hands: random.Random, bait: Bait) -> bytes:
    """Use a text of a million characters as some name."""
    data = _map(hands, bait, 3)
    long = hands.choice(["x", "<b>", "\u202e", "a\u0300", "word ", "\n", f'<img src="{bait.folder / "picture.png"}">'])
    long = long * (1_000_000 // len(long))
    where = hands.choice(["name", "description", "task", "namespace", "argument", "value", "type", "note", "task description"])
    task = data["tasks"][1]
    match where:
        case "name" | "description":
            data[where] = long
        case "task":
            data["layout"]["positions"][long] = [0, 0]
            data["workflow"] = [[long if end == task["name"] else end for end in edge] for edge in data["workflow"]]
            task["name"] = long
        case "argument":
            task["init_args"] = {long: 1}
        case "value":
            task["init_args"] = {"text": long}
        case "note":
            data["layout"]["notes"][0]["text"] = long
        case "type":
            task["produces"] = long
        case "task description":
            task["description"] = long
        case _:
            task["namespace"] = long
    return _dump(data)


def _wide(hands: random.Random, bait: Bait) -> bytes:
    """Wire one task to thousands, which all lead to another."""
    count = hands.choice([100, 300, 1_500])
    data = _map(hands, bait, 2)
    names = [f"{n} {hands.choice(hostile_texts(bait))[:50]}" for n in range(count)]
    first, last = data["tasks"][0]["name"], data["tasks"][-1]["name"]
    data["tasks"][1:-1] = [_task(hands, bait, name) for name in names[:20]] + [
        {
            "name": name,
            "type": "function",
            "namespace": "os",
            "method": "system",
            "consumes": "any",
            "produces": "any",
            "init_args": {"a": n},
        }
        for n, name in enumerate(names[20:])
    ]
    data["workflow"] = [edge for name in names for edge in ([first, name], [name, last])]
    return _dump(data)


def _places(hands: random.Random, bait: Bait) -> bytes:
    """Put tasks and notes where no screen is."""
    data = _map(hands, bait)
    numbers = [1e308, -1e308, 1e300, 5e-324, -0.0, 2**53, 1e15, -1e9]
    data["layout"]["positions"] = {task["name"]: [hands.choice(numbers), hands.choice(numbers)] for task in data["tasks"]}
    for note in data["layout"]["notes"]:
        note["position"], note["size"] = [hands.choice(numbers), hands.choice(numbers)], [abs(hands.choice(numbers)) for _ in range(2)]
    return _dump(data)


_KINDS: Final[tuple[Callable[[random.Random, Bait], bytes], ...]] = (
    _plain,
    _plain,
    _spoiled,
    _plain,
    _deep,
    _plain,
    _cut_or_flipped,
    _places,
    _plain,
    _spoiled,
    _plain,
    _long,
    _plain,
    _plain,
    _wide,
)
