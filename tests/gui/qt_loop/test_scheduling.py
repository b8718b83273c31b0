"""The event loop keeps asyncio's promises on Qt."""

from __future__ import annotations

import asyncio
import contextvars
import math
import threading
import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from ephemeral_gui.qt_loop import EventLoop

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from PySide6.QtWidgets import QApplication


async def test_that_callbacks_run_in_the_order_in_which_they_were_asked_for() -> None:
    seen: list[int] = []
    for number in range(1000):
        asyncio.get_running_loop().call_soon(seen.append, number)
    await asyncio.sleep(0)
    assert seen == list(range(1000))


async def test_that_a_cancelled_callback_does_not_run() -> None:
    seen: list[str] = []
    loop = asyncio.get_running_loop()
    loop.call_soon(seen.append, "soon").cancel()
    loop.call_later(0.001, seen.append, "later").cancel()
    await asyncio.sleep(0.005)
    assert seen == []


async def test_that_timers_fire_by_their_times_and_never_early() -> None:
    loop = asyncio.get_running_loop()
    fired: list[tuple[int, float]] = []
    start = loop.time()

    def note(milliseconds: int) -> None:
        fired.append((milliseconds, loop.time() - start))

    for milliseconds in (30, 10, 20):
        loop.call_later(milliseconds / 1000, note, milliseconds)
    await asyncio.sleep(0.04)
    assert [milliseconds for milliseconds, _ in fired] == [10, 20, 30]
    assert all(seconds * 1000 >= milliseconds for milliseconds, seconds in fired)


async def test_that_an_endless_delay_is_taken() -> None:
    handle = asyncio.get_running_loop().call_later(math.inf, print)
    async with asyncio.timeout(math.inf):
        await asyncio.sleep(0)
    assert handle.when() == math.inf
    handle.cancel()


async def test_that_cancelled_timers_do_not_pile_up() -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, EventLoop)
    for _ in range(10_000):
        async with asyncio.timeout(3600):  # noqa: ASYNC100  it is the timer that matters
            pass
    assert len(loop._times) < 500


async def test_that_a_call_from_another_thread_wakes_the_loop() -> None:
    loop = asyncio.get_running_loop()
    reached = loop.create_future()
    thread = threading.Thread(target=lambda: loop.call_soon_threadsafe(reached.set_result, "from a thread"))
    thread.start()
    async with asyncio.timeout(5):
        assert await reached == "from a thread"
    thread.join()


async def test_that_no_call_of_many_threads_is_lost() -> None:
    loop = asyncio.get_running_loop()
    left = 8 * 500
    done = loop.create_future()

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            done.set_result(None)

    threads = [threading.Thread(target=lambda: [loop.call_soon_threadsafe(count) for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    async with asyncio.timeout(10):
        await done
    for thread in threads:
        thread.join()


async def test_that_a_callback_runs_in_the_context_that_it_was_given() -> None:
    word = contextvars.ContextVar("word", default="outside")
    context = contextvars.copy_context()
    context.run(word.set, "inside")
    seen: list[str] = []
    loop = asyncio.get_running_loop()
    loop.call_soon(lambda: seen.append(word.get()), context=context)
    loop.call_soon_threadsafe(lambda: seen.append(word.get()), context=context)
    await asyncio.sleep(0.01)
    assert seen == ["inside", "inside"]


async def test_that_qt_gets_its_turn_while_callbacks_never_end() -> None:
    loop = asyncio.get_running_loop()
    ticks: list[float] = []
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    timer.start()
    limit = loop.time() + 5
    ended = loop.create_future()

    def again() -> None:
        if len(ticks) < 15 and loop.time() < limit:
            loop.call_soon(again)
        else:
            ended.set_result(None)

    again()
    await ended
    timer.stop()
    assert len(ticks) >= 15


async def test_that_an_exception_of_a_callback_reaches_the_handler_and_nothing_else() -> None:
    loop = asyncio.get_running_loop()
    caught: list[BaseException] = []
    loop.set_exception_handler(lambda _, context: caught.append(context["exception"]))
    loop.call_soon(lambda: 1 / 0)
    await asyncio.sleep(0.001)
    assert [type(each) for each in caught] == [ZeroDivisionError]


async def test_that_an_async_generator_left_alone_is_closed() -> None:
    closed = asyncio.Event()

    async def numbers() -> AsyncGenerator[int]:
        try:
            yield 1
        finally:
            await asyncio.sleep(0)
            closed.set()

    async def take_one() -> None:
        async for _ in numbers():
            break

    await take_one()
    async with asyncio.timeout(5):
        await closed.wait()


async def test_that_work_in_threads_uses_asyncio_s_own_pool() -> None:
    names = await asyncio.gather(*(asyncio.to_thread(lambda: threading.current_thread().name) for _ in range(3)))
    assert all(name.startswith("asyncio_") for name in names)


@pytest.mark.loop_debug
async def test_that_a_callback_from_the_wrong_thread_is_refused_in_debug_mode() -> None:
    loop = asyncio.get_running_loop()

    def call_from_thread() -> str:
        try:
            loop.call_soon(print)
        except RuntimeError as error:
            return str(error)
        return ""

    assert "Non-thread-safe" in await asyncio.to_thread(call_from_thread)


def test_that_the_loop_can_run_again_after_it_was_stopped(qapp: QApplication) -> None:
    loop = EventLoop(qapp)
    assert loop.run_until_complete(asyncio.sleep(0, "first")) == "first"
    assert loop.run_until_complete(asyncio.sleep(0, "second")) == "second"
    loop.close()
    assert loop.is_closed()


def test_that_what_was_ready_runs_before_the_loop_stops_and_what_comes_later_runs_next_time(qapp: QApplication) -> None:
    loop = EventLoop(qapp)
    seen: list[str] = []

    def first() -> None:
        loop.call_soon(seen.append, "ready before the stop")
        loop.stop()
        loop.call_soon(seen.append, "after the stop")

    loop.call_soon(first)
    loop.run_forever()
    assert seen == ["ready before the stop"]
    loop.run_until_complete(asyncio.sleep(0))
    assert seen == ["ready before the stop", "after the stop"]
    loop.close()


def test_that_system_exit_of_a_callback_leaves_the_loop(qapp: QApplication) -> None:
    loop = EventLoop(qapp)

    def leave() -> None:
        raise SystemExit(3)

    loop.call_soon(leave)
    with pytest.raises(SystemExit) as left:
        loop.run_forever()
    assert left.value.code == 3
    loop.close()


def test_that_a_closed_loop_takes_nothing_more(qapp: QApplication) -> None:
    loop = EventLoop(qapp)
    loop.close()
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon(print)
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_later(1, print)
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon_threadsafe(print)
