"""What a dask worker does for a run: it calls bodies, asks generators that live on it, and hears what the run wants meanwhile.

Bodies run in threads of their own, each beside an event loop of its own; what dask calls waits for them. ``call`` and ``pull`` are dask
tasks; ``cancel``, ``answer``, ``answer_claim``, ``close_stream`` and ``end`` are called on the worker's event loop, between everything
else; ``kill_worker`` in the process of its nanny.
"""

from __future__ import annotations

import logging
from contextvars import Context
from typing import TYPE_CHECKING, Any

from engine.execution import log_records
from engine.execution.describing import told
from engine.execution.executors import run_on_worker
from engine.execution.executors.body_reference import BodyReference, load_referenced, prepare_import
from engine.execution.executors.remote_context import InvocationFacts, RemoteContext
from engine.execution.executors.run_on_worker import held_for
from engine.execution.executors.this_worker import kill, this_worker
from engine.execution.executors.topic_link import Request, RunName, TopicLink
from engine.execution.executors.wire import CannotSendError, packed, unpacked
from engine.execution.log_records import TASK_LOGGER
from engine.overriding import override
from engine.tasks import _context

if TYPE_CHECKING:
    from engine.execution.executors.body_host import Batch, Outcome

THE_RUN = "the process of the run"


def call(request: Request, sent: bytes) -> tuple[bytes | None, str | None, Exception | None]:
    """Call a body; return its packed result, the name of its generator, or its error."""
    try:
        reference, facts, data = unpacked(sent, "payload")
        prepare_import(reference)
        body = load_referenced(reference)
        payload = unpacked(data, "payload")
    except BaseException as error:  # noqa: BLE001  importing task code may raise anything
        return None, None, told(error)
    run = held_for(request.run)
    thread = run.free_thread()
    link = TopicLink(request, thread)
    context = RemoteContext(facts, link, thread.host).enter(Context())
    _forward_records(request)
    link.begin()
    outcome = run.watched(request, link, thread, lambda: thread.host.call(body, payload, context))
    if outcome.stream is not None:
        run.keep(request.id, thread, outcome.stream, link)
        return None, request.id, None
    return _reply(outcome)


def pull(request: Request, name: str, most: int) -> tuple[list[bytes], bool, Exception | None]:
    """Ask a generator for items."""
    run = held_for(request.run)
    found, link = run.streams.get(name), run.link_of(name)
    if found is None or link is None:
        return [], True, told(LookupError("the generator is no longer there"))
    thread, stream = found
    thread.free.acquire()
    _forward_records(request)
    TopicLink(request, thread).say("started", this_worker().address)
    batch: Batch = run.watched(request, link, thread, lambda: thread.host.pull(stream, most))
    items: list[bytes] = []
    try:
        items.extend(packed(item, f"result[{stream.opened - len(batch.items) + index}]", THE_RUN) for index, item in enumerate(batch.items))
    except CannotSendError as flaw:
        batch.error, batch.is_last = flaw, True
    if batch.is_last:
        run.forget(name)
    return items, batch.is_last, None if batch.error is None else told(batch.error)


def cancel(run: RunName, name: str) -> None:
    """Cancel a call, wherever it is: on this worker, on another, or on its way."""
    held_for(run).cancel(name)


def answer(run: RunName, name: str, folder: str, flaw: str | None) -> None:
    """Pass on what the run answers."""
    link = held_for(run).link_of(name)
    if link is not None:
        link.answer(folder, flaw)


def answer_claim(run: RunName, name: str, complaint: str | None) -> None:
    """Pass on whether the run lets a body have a file."""
    link = held_for(run).link_of(name)
    if link is not None:
        link.answer_claim(complaint)


def close_stream(run: RunName, name: str) -> None:
    """Close a generator before its end, as soon as its thread is free."""
    held_for(run).close_stream(name)


def end(run: RunName) -> None:
    """The run has ended: close what its bodies opened here. Threads whose bodies do not end are left to themselves."""
    run_on_worker.end(run)


def kill_worker(_: RunName, dask_worker: Any) -> None:
    """End a worker at once, by its nanny: a body does not end, and may keep the worker from hearing. The nanny starts a new one."""
    kill(dask_worker.pid)


def _reply(outcome: Outcome) -> tuple[bytes | None, str | None, Exception | None]:
    if outcome.error is not None:
        return None, None, told(outcome.error)
    try:
        return packed(outcome.result, "result", THE_RUN), None, None
    except CannotSendError as flaw:
        return None, None, told(flaw)


class _Forwarder(logging.Handler):
    """Sends the records of bodies to their runs."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        context = _context.get(None)
        link = getattr(context, "_link", None)
        if isinstance(link, TopicLink):
            values = {name: getattr(record, name, "") for name in ("name", "levelno", "levelname", "pathname", "lineno", "funcName")}
            values |= {name: str(getattr(record, name, "")) for name in ("run", "task", "branch")}
            link.say("log", {**values, "msg": record.getMessage(), "args": None, "exc_text": _exception_text(record)})


def _exception_text(record: logging.LogRecord) -> str | None:
    return logging.Formatter().formatException(record.exc_info) if record.exc_info else None


def _forward_records(request: Request) -> None:
    log_records.install()
    logging.getLogger(TASK_LOGGER).setLevel(request.log_level)
    root = logging.getLogger()
    if not any(isinstance(handler, _Forwarder) for handler in root.handlers):
        root.addHandler(_Forwarder())


__all__ = [
    "BodyReference",
    "InvocationFacts",
    "Request",
    "RunName",
    "answer",
    "answer_claim",
    "call",
    "cancel",
    "close_stream",
    "end",
    "kill_worker",
    "pull",
]
