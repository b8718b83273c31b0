"""What may be written behind ``ephemeral``."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.overriding import override

HELP = """\
Build jobs of connected tasks, watch them run, and run them anywhere.

  ephemeral                                    open the builder
  ephemeral gui job.json                       open a job in it
  ephemeral examples --copy simple-example .   a job to start from
  ephemeral run job.json --results -           run it; what reaches its outputs, as JSON
  ephemeral validate job.json                  everything that is wrong with it, at once

commands:
  run MAP             run a job, with a progress bar for each task
  validate MAP        check a job without running it
  gui [MAP]           open the builder
  tasks               the tasks that a job can be made of
  examples            jobs to start from
  picture MAP FILE    the canvas as PNG or SVG, without a display
  diff MAP OTHER      what OTHER says that MAP does not, apart from moves
  new ...             a namespace or a task of your own
  check [NAMESPACE]   whether namespaces keep the rules

"ephemeral COMMAND --help" says more.

exit codes: 0 done, 1 a task failed, 2 usage, 65 bad job map, 66 input missing, 70 a bug of ours, 73 cannot create
output, 74 I/O error, 75 executor lost, 77 not trusted, 130 interrupted, 143 terminated
"""

RUN_EXAMPLES = """\
examples:
  ephemeral run job.json --results results.json
  ephemeral run job.json --set /datasource/content/input="other text" --set /tasks/1/init_args/count=3
  ephemeral run job.json --events - | grep failed
  ephemeral run job.json --dask tcp://scheduler:8786 --output maps

VALUE is JSON where it can be read as JSON, else text. FILE may be - for standard output.
Ctrl-C stops in an orderly way and keeps what was finished; a second one leaves at once.
"""


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = _Parser(prog="ephemeral", usage="ephemeral [COMMAND] ...", add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="store_true")
    parser.set_defaults(command=None, map=None, workspace=None, trust=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="ephemeral", parser_class=_CommandParser)
    _add_run(commands)
    _add_validate(commands)
    _add_gui(commands)
    _add_tasks(commands)
    _add_examples(commands)
    _add_picture(commands)
    _add_diff(commands)
    _add_new(commands)
    _add_check(commands)
    return parser


class _Parser(argparse.ArgumentParser):
    """Prints the page above in place of argparse's."""

    @override
    def format_help(self) -> str:
        return HELP


class _CommandParser(argparse.ArgumentParser):
    """A command's parser: no abbreviations, and examples as they are written."""

    def __init__(self, **options: object) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **options)  # type: ignore[arg-type]  # argparse's own options, passed on


def _add_run(commands: argparse._SubParsersAction[_CommandParser]) -> None:
    parser = commands.add_parser("run", description="Run a job without a window.", epilog=RUN_EXAMPLES)
    _add_map(parser)
    add = parser.add_argument
    add(
        "--set",
        action="append",
        default=[],
        metavar="/POINTER=VALUE",
        help="replace a value of the job map for this run; may be given again",
    )
    add("--results", metavar="FILE", help="write what reaches the outputs, as JSON, also of a run that fails")
    add("--events", metavar="FILE", help="write every event of the run, one line of JSON each")
    add("--output", metavar="DIR", type=Path, help="folder that tasks write to (else runs/<time>-<job>, if anything is written)")
    add("--fail-fast", action="store_true", help="end the run at the first failure")
    add("--max-concurrent", metavar="N", type=_count, help="most tasks at once")
    add("--dask", metavar="ADDRESS", help="scheduler to use in place of an embedded cluster, such as tcp://host:8786")
    _add_workspace(parser)


def _add_validate(commands: argparse._SubParsersAction[_CommandParser]) -> None:
    parser = commands.add_parser("validate", description="Say everything that is wrong with a job map, without running it.")
    _add_map(parser)
    parser.add_argument("--json", action="store_true", help="write a list of objects")
    _add_workspace(parser)


def _add_gui(commands: argparse._SubParsersAction[_CommandParser]) -> None:
    parser = commands.add_parser("gui", description="Open the builder.")
    parser.add_argument("map", metavar="MAP", nargs="?", type=Path, help="job map to open")
    _add_workspace(parser)


def _add_tasks(commands: argparse._SubParsersAction[_CommandParser]) -> None:
    parser = commands.add_parser("tasks", description="List the tasks that a job can be made of.")
    parser.add_argument("--json", action="store_true", help="write a list of objects")
    _add_workspace(parser)


def _add_examples(commands: argparse._SubParsersAction[_CommandParser]) -> None:
    parser = commands.add_parser("examples", description="List jobs to start from, or copy one.")
    parser.add_argument("--copy", nargs=2, metavar=("NAME", "DIR"), help="copy an example into a folder; nothing is overwritten")


def _add_picture(commands: argparse._SubParsersAction[_CommandParser]) -> None:
    parser = commands.add_parser("picture", description="Draw the canvas of a job map, without a display.")
    _add_map(parser)
    parser.add_argument("file", metavar="FILE", type=Path, help="picture to write: .png or .svg")
    parser.add_argument("--dark", action="store_true", help="draw it in the dark theme")
    _add_workspace(parser)


def _add_diff(commands: argparse._SubParsersAction[_CommandParser]) -> None:
    parser = commands.add_parser(
        "diff",
        description="Say what two job maps mean differently; moves on the canvas do not count.",
        epilog="The exit code is 0 whether or not there is a difference; --json writes [] where there is none.",
    )
    _add_map(parser)
    parser.add_argument("other", metavar="OTHER", type=Path, help="job map file to compare it with, the later one")
    parser.add_argument("--json", action="store_true", help="write a list of objects")


def _add_new(commands: argparse._SubParsersAction[_CommandParser]) -> None:
    parser = commands.add_parser("new", description="Make a namespace or a task of your own, in the one shape that all have.")
    kinds = parser.add_subparsers(dest="what", metavar="namespace|task", required=True, parser_class=_CommandParser)
    namespace = kinds.add_parser("namespace", description="Make a namespace in a workspace.")
    namespace.add_argument("name", metavar="NAME", help="dotted, such as geo.rasters")
    task = kinds.add_parser("task", description="Add a task to a namespace of a workspace: its definition and its code.")
    task.add_argument("namespace", metavar="NAMESPACE")
    task.add_argument("method", metavar="METHOD")
    for each in (namespace, task):
        each.add_argument("--workspace", metavar="DIR", type=Path, required=True, help="folder of your own namespaces")


def _add_check(commands: argparse._SubParsersAction[_CommandParser]) -> None:
    parser = commands.add_parser("check", description="Check that namespaces keep the structural rules; task code is not run.")
    parser.add_argument("namespace", metavar="NAMESPACE", nargs="?", help="this namespace and those below it")
    parser.add_argument("--json", action="store_true", help="write a list of objects")
    parser.add_argument("--workspace", metavar="DIR", type=Path, help="check this workspace in place of the built-in namespaces")


def _add_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("map", metavar="MAP", type=Path, help="job map file")


def _add_workspace(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workspace", metavar="DIR", type=Path, help="folder with namespaces and definitions of your own")
    parser.add_argument("--trust", action="store_true", help="let the workspace's task code be loaded this time")


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return number
