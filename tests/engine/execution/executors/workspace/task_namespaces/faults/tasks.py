"""Tasks that misbehave, each a closure over what it is to do."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.tasks import context

from . import library

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Mapping

    from engine.tasks import Closure, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {
        "allocates": allocates,
        "asks": asks,
        "computes": computes,
        "echo": echo,
        "ends": ends,
        "fan": fan,
        "finds": finds,
        "grows": grows,
        "holds": holds,
        "keeps_open": keeps_open,
        "leaves": leaves,
        "logs": logs,
        "opens": opens,
        "raises": raises,
        "reports": reports,
        "returns": returns,
        "stays": stays,
        "streams": streams,
        "swallows": swallows,
        "tells": tells,
        "waits": waits,
        "writes": writes,
    }


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method, closed over its arguments."""
    return make_task_dict()[task_name](init_args)


def allocates(init_args: Mapping[str, Any]) -> TaskBody:
    """Take so many megabytes of memory."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        return {**payload, "bytes": library.allocate(init_args["megabytes"])}

    return run_task


def asks(_: Mapping[str, Any]) -> TaskBody:
    """Have the run's dask cluster do something."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        client = await context().dask_client()
        pid = await client.submit(os.getpid, pure=False)
        return {**payload, "asked": pid, "at": client.scheduler.address}

    return run_task


def computes(init_args: Mapping[str, Any]) -> TaskBody:
    """Compute for so many seconds of processor time."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        library.compute(init_args["seconds"])
        return {**payload, "pid": os.getpid()}

    return run_task


def echo(_: Mapping[str, Any]) -> TaskBody:
    """Pass the payload on, with the process that did."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        return {**payload, "pid": os.getpid()}

    return run_task


def ends(init_args: Mapping[str, Any]) -> TaskBody:
    """End the process that the body runs in, where the payload says so."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        if payload.get("ends", True) and context().attempt <= init_args.get("attempts", 9):
            library.ENDS[init_args["how"]]()
        return payload

    return run_task


def fan(init_args: Mapping[str, Any]) -> TaskBody:
    """Open branches, numbered."""

    async def run_task(payload: dict[str, Any]) -> list[dict[str, Any]]:
        return [{**payload, "i": index} for index in range(init_args["count"])]

    return run_task


def finds(_: Mapping[str, Any]) -> TaskBody:
    """Find out what the context knows."""

    async def run_task(_: dict[str, Any]) -> dict[str, Any]:
        here = context()
        return {
            "run_id": here.run_id,
            "job_name": here.job_name,
            "task": here.task,
            "branch_path": here.branch_path,
            "attempt": here.attempt,
            "cancelled": here.cancelled,
            "input": str(here.input_path("data.csv")),
            "logger": here.logger.name,
        }

    return run_task


def grows(init_args: Mapping[str, Any]) -> TaskBody:
    """Take memory; keep it or give it as the result where that is asked for. ``most_file`` limits files that this process writes."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        library.limit_files(init_args.get("most_file"))
        grown = library.grow(init_args["mebibytes"], keep=init_args.get("then") == "keep")
        return {**payload, "pid": os.getpid(), "grown": grown if init_args.get("then") == "give" else b""}

    return run_task


def holds(init_args: Mapping[str, Any]) -> TaskBody:
    """Hold the thread, with or without the interpreter."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        context().report_progress(0.0, "holding")
        library.HOLDS[init_args["how"]](init_args["seconds"])
        return payload

    return run_task


def keeps_open(init_args: Mapping[str, Any]) -> TaskBody:
    """Open a resource and give items without end; note in a file what is closed."""
    note = Path(init_args["file"])

    @asynccontextmanager
    async def opened() -> AsyncGenerator[None]:
        yield
        library.add_line(note, "resource closed")

    async def items(payload: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        await context().resource("kept", opened)
        try:
            while True:
                yield payload
        finally:
            library.add_line(note, "generator closed")

    return items  # type: ignore[return-value]  # it is accepted as a body


def leaves(init_args: Mapping[str, Any]) -> TaskBody:
    """Leave something running."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        return {**payload, "left": library.LEAVES[init_args["what"]]()}

    return run_task


def logs(_: Mapping[str, Any]) -> TaskBody:
    """Log, also what cannot be sent, and print."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        context().logger.warning("seen %s", library.Unsendable())
        print("printed by a body")  # noqa: T201  that is the test
        return payload

    return run_task


def opens(_: Mapping[str, Any]) -> TaskBody:
    """Open a resource and use it; its end is written to the output folder."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        closed = context().output_path("closed.txt")

        @asynccontextmanager
        async def opened() -> AsyncGenerator[dict[str, int]]:
            yield {"uses": 0}
            with closed.open("a", encoding="utf-8") as file:
                file.write("closed\n")

        resource = await context().resource("counter", opened)
        resource["uses"] += 1
        return {**payload, "uses": resource["uses"]}

    return run_task


def raises(init_args: Mapping[str, Any]) -> TaskBody:
    """Raise something."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        library.RAISES[init_args["what"]]()
        return payload

    return run_task


def reports(_: Mapping[str, Any]) -> TaskBody:
    """Report progress far more often than anybody looks."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        for step in range(1001):
            context().report_progress(step / 1000, f"step {step}")
        return payload

    return run_task


def returns(init_args: Mapping[str, Any]) -> TaskBody:
    """Return something."""

    async def run_task(_: dict[str, Any]) -> Any:
        return library.RETURNS[init_args["what"]]()

    return run_task


def stays(_: Mapping[str, Any]) -> TaskBody:
    """Say in which process the body runs, and stay until it is released."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        released = context().output_folder / "released"
        context().report_progress(0.0, str(os.getpid()))
        while not released.exists():  # noqa: ASYNC110  another process says so
            await asyncio.sleep(0.02)
        return {**payload, "pid": os.getpid()}

    return run_task


def streams(init_args: Mapping[str, Any]) -> TaskBody:
    """Give items one by one, and perhaps fail midway; note each in a file, and the end."""

    def items(payload: dict[str, Any]) -> Generator[dict[str, Any]]:
        note = context().output_path(f"{context().task}.txt")
        try:
            for index in range(init_args["count"]):
                if index == init_args.get("fails_at"):
                    raise ValueError(f"no item {index}")
                if index == init_args.get("wrong_at"):
                    yield index  # type: ignore[misc]  # that is the test
                yield {**payload, "i": index}
        finally:
            note.write_text(f"{index} items", encoding="utf-8")

    async def run_task(payload: dict[str, Any]) -> Any:
        return items(payload)

    async def run_async(payload: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        for item in items(payload):
            await asyncio.sleep(0)
            yield item

    return run_async if init_args.get("async") else run_task  # type: ignore[return-value]  # it is accepted as a body


def swallows(init_args: Mapping[str, Any]) -> TaskBody:
    """Wait for so many seconds, and swallow so many cancels meanwhile."""

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        loop, times = asyncio.get_running_loop(), init_args["times"]
        context().report_progress(0.0, "swallowing")
        ends = loop.time() + init_args.get("seconds", 30)
        while loop.time() < ends:
            try:
                await asyncio.sleep(ends - loop.time())
            except asyncio.CancelledError:
                times -= 1
                if times < 0:
                    raise
        return payload

    return run_task


def tells(init_args: Mapping[str, Any]) -> TaskBody:
    """Tell what it was given wherever a body can; then raise or return it."""
    token = init_args["token"]

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        context().report_progress(0.5, f"with {token}")
        logging.getLogger("of.a.library").warning("with %s", token, extra={"sent": {"token": token}})
        error = ValueError(token)
        context().logger.error("caught", exc_info=error)
        if payload["i"]:
            raise error
        return {**payload, "told": [token, {token: f"and {token}"}]}

    return run_task


def waits(_: Mapping[str, Any]) -> TaskBody:
    """Wait for what never comes."""

    async def run_task(_: dict[str, Any]) -> dict[str, Any]:
        never: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        context().report_progress(0.0, "waiting")
        try:
            return await never
        finally:
            context().output_path("cleaned-up.txt").touch()

    return run_task


def writes(init_args: Mapping[str, Any]) -> TaskBody:
    """Write a file of each branch's own to the output folder, or the same one from every branch."""
    into = init_args.get("into", "")

    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        path = context().new_output_path(into or f"{payload['i']}/written.txt")
        path.write_text("here", encoding="utf-8")
        return {**payload, "path": str(path), "folder": str(context().output_folder)}

    return run_task
