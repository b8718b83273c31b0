"""Set Ephemeral up and start it: the one command after a clone. Standard library only; Linux, macOS and Windows.

    python3 start.py               open the builder on an example job (without a display: run that job here)
    python3 start.py test          run the test suite (--long adds the long tier)
    python3 start.py bench [NAME]  measure the engine beside others and print one table
    python3 start.py ANYTHING      the same as: ephemeral ANYTHING

The first start makes the folder .venv beside this file and installs the pinned, hashed dependencies there; later starts find it ready.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
EPHEMERAL = VENV / ("Scripts/ephemeral.exe" if os.name == "nt" else "bin/ephemeral")
STAMP = VENV / "installed.sha256"
LOCKS = {"run": ROOT / ".requirements" / "run.txt", "develop": ROOT / ".requirements" / "develop.txt"}
FIRST_JOB = "seasonal-sea-surface-report"
MY_JOBS = ROOT / "my-jobs"

# shared library that Qt loads -> Debian package that has it: what a bare Debian or Ubuntu lacks
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libX11-xcb.so.1": "libx11-xcb1",
}


def main(arguments: list[str]) -> int:
    """Set up what the command needs, run it and return its exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036  an older Python must get a sentence instead of a traceback
        say(f"Ephemeral needs Python 3.11 or newer; this is {sys.version.split()[0]}. Start it with a newer one: python3.12 start.py")
        return 2
    testing = arguments[:1] == ["test"]
    measuring = arguments[:1] == ["bench"]
    try:
        install("develop" if testing or measuring else "run")
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"The set-up stopped: {error}\nStart it again when that is mended; it goes on where it stopped.")
        return 1
    if testing or measuring or not arguments or arguments[0] in ("gui", "picture"):
        see_to_qt_libraries()
    if testing:
        return run_module("pytest", arguments[1:])
    if measuring:
        return run_module("tests.performance.bench", arguments[1:])
    if arguments:
        return become_ephemeral(*arguments)
    return open_builder() if has_display() else run_first_job()


def install(lock: str) -> None:
    """Bring .venv to the state that the lock file asks for; a moment's look where it is there already.

    Raises:
        OSError: the environment cannot be made.
        subprocess.CalledProcessError: the installer failed.
    """
    wanted = fingerprint(lock)
    have = STAMP.read_text().split() if STAMP.exists() and PYTHON.exists() else []
    if wanted in have or (lock == "run" and fingerprint("develop") in have):
        return
    if not PYTHON.exists():
        say("Making .venv ...")
        make_environment()
    say("Installing the pinned dependencies into .venv (once; about 250 MB) ...")
    STAMP.unlink(missing_ok=True)
    pip("--require-hashes", "--requirement", str(LOCKS[lock]))
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(wanted + "\n")


def make_environment() -> None:
    """Make .venv with pip in it.

    Raises:
        OSError: it cannot be made; the message says what to install.
    """
    try:
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    except subprocess.CalledProcessError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        message = f"this Python cannot make environments with pip. On Debian or Ubuntu: sudo apt-get install -y python{version}-venv"
        raise OSError(message) from error


def fingerprint(lock: str) -> str:
    """Return what the environment depends on, as one word: lock file, project file, place and Python."""
    parts = [LOCKS[lock].read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode(), sys.version.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def pip(*arguments: str) -> None:
    """Install with the environment's pip.

    Raises:
        subprocess.CalledProcessError: pip failed; it has said why.
    """
    options = ("--quiet", "--disable-pip-version-check", "--no-input")
    subprocess.run([PYTHON, "-m", "pip", "install", *options, *arguments], check=True, cwd=ROOT)  # noqa: S603  our own words


def see_to_qt_libraries() -> None:
    """Install the system libraries of Qt where they lack and where we may; else say the line that installs them."""
    if not sys.platform.startswith("linux"):
        return
    packages = [package for library, package in QT_LIBRARIES.items() if not can_load(library)]
    if not packages:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        say("The window needs system libraries that this machine lacks. On Debian or Ubuntu:\n  sudo " + " ".join(command))
        return
    say("Installing the system libraries of Qt: " + " ".join(packages))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update"], command):
        done = subprocess.run(step, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  our own words
        if done.returncode != 0:
            say(f"{' '.join(step)} failed:\n{done.stderr.strip()}")
            return


def can_load(library: str) -> bool:
    """Return whether the system's loader finds the shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_display() -> bool:
    """Return whether a window could be shown."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def my_first_job() -> Path:
    """Return the example job in the folder that is the user's own; copied there at the first start, kept from then on."""
    job = MY_JOBS / FIRST_JOB
    if not job.exists():
        shutil.copytree(ROOT / "resources" / "jobs" / FIRST_JOB, job)
    return job / "job.json"


def open_builder() -> int:
    """Open the window on the first job."""
    job = my_first_job()
    say(f"Opening {job.relative_to(ROOT)}, which is yours to change.")
    return become_ephemeral("gui", str(job))


def run_first_job() -> int:
    """Run the first job in the terminal, draw its canvas, and say where everything is."""
    job = my_first_job()
    folder = ROOT / "runs" / FIRST_JOB
    picture = folder / "canvas.png"
    say("There is no display, so the example job runs here. On a desktop the same command opens the builder.\n")
    folder.mkdir(parents=True, exist_ok=True)
    code = ephemeral("run", str(job), "--output", str(folder), "--results", str(folder / "results.json"))
    if code == 0:
        code = ephemeral("picture", str(job), str(picture))
    if code == 0:
        written = [*sorted(folder.rglob("*.html")), picture, folder / "results.json"]
        say("\nWritten:\n" + "\n".join(f"  {path.relative_to(ROOT)}" for path in written))
    return code


def run_module(module: str, arguments: list[str]) -> int:
    """Run the test suite, or the benchmark, with the arguments that are left; neither needs a display."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    return subprocess.run([PYTHON, "-m", module, *arguments], cwd=ROOT, env=environment, check=False).returncode  # noqa: S603


def become_ephemeral(*arguments: str) -> int:
    """Replace this process by the ``ephemeral`` command, so that every signal reaches it; on Windows run it and return its code."""
    if os.name == "nt":
        return ephemeral(*arguments)
    return os.execv(EPHEMERAL, [str(EPHEMERAL), *arguments])  # noqa: S606  the user's own arguments to the user's own program


def ephemeral(*arguments: str) -> int:
    """Run the ``ephemeral`` command in the caller's folder and return its exit code; Ctrl-C is the command's own affair."""
    with subprocess.Popen([EPHEMERAL, *arguments]) as process:  # noqa: S603  as above
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # the terminal sent it to the command too, which ends in its own way
                continue


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)  # noqa: T201  this script is the terminal's


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
