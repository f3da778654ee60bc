"""Whoever waits for an answer, over HTTP: work without effects ends when its caller has gone, or has waited too long.

A mutation under way is not ended: half of it may be done already, at a payment provider too, and the next attempt
with its idempotency key finds a whole one. It is not begun when its caller has gone before, and what it waits for
before it begins, it leaves then.
"""

import asyncio
import contextlib
from collections.abc import Coroutine, Iterator
from contextvars import ContextVar
from types import TracebackType
from typing import Any, TypeVar, cast

from starlette.types import Receive

from shared.errors import ServiceError, Unavailable

Result = TypeVar("Result")

_STATEMENTS_AT_ONCE = 3  # of one request; the pool has ten connections for all of them


class CallerGone(Unavailable):
    """Nobody waits for the answer any more."""

    def __init__(self) -> None:
        super().__init__("The caller has gone.")


class Caller:
    """The caller of one request, and the tasks that only it has a use for."""

    __slots__ = ("_receive", "_seconds", "_tasks", "_timer", "_verdict", "_watching", "statement_slots")

    def __init__(self, receive: Receive, seconds: float) -> None:
        """``seconds`` is how long it is willing to wait."""
        self._receive = receive
        self._seconds = seconds
        self._tasks: set[asyncio.Task[Any]] = set()
        self._verdict: ServiceError | None = None
        self._watching: asyncio.Task[None] | None = None
        self.statement_slots = asyncio.Semaphore(_STATEMENTS_AT_ONCE)

    def require_present(self) -> None:
        """Returns while it waits.

        Raises:
            CallerGone: when it has gone.
            Unavailable: when it has waited too long.
        """
        if self._verdict is None and self._watching is None and _is_gone(self._receive):
            self._verdict = CallerGone()
        if self._verdict is not None:
            raise self._verdict

    async def attended(self, work: Coroutine[Any, Any, Result], after_seconds: float) -> Result:
        """What ``work`` answers, while it is looked whether the caller is still there.

        That begins ``after_seconds``: most requests are answered before it is worth it.
        """
        self._timer = asyncio.get_running_loop().call_later(after_seconds, self._begin_watching)
        token = _caller.set(self)
        try:
            return await work
        finally:
            _caller.reset(token)
            self._timer.cancel()
            if self._watching is not None:
                self._watching.cancel()

    def abandonable(self) -> "_Abandonable":
        """What is awaited inside, and the tasks that were started for it, end when it goes or has waited too long.

        Raises:
            CallerGone, Unavailable: as ``require_present`` does.
        """
        return _Abandonable(self)

    def start(self, coroutine: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """A task that ends when the caller goes, if what starts it does."""
        task = asyncio.create_task(coroutine)
        if self._tasks:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return task

    def _begin_watching(self) -> None:
        self._watching = asyncio.create_task(self._watch())
        late = Unavailable(f"This was not answered within {self._seconds:.0f} seconds.")
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._end, late)

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._end(CallerGone())

    def _end(self, verdict: ServiceError) -> None:
        """Ends what only the caller has a use for; the first verdict counts."""
        if self._verdict is None:
            self._verdict = verdict
            for task in tuple(self._tasks):
                task.cancel()


def _is_gone(receive: Receive) -> bool:
    """Whether a caller whose request was read is gone: then there is a message for us at once, and else only later.

    A task that waits for it costs ten times as much.
    """
    looking = cast(Coroutine[Any, Any, Any], receive())
    try:
        looking.send(None)
    except StopIteration as answer:
        return bool(answer.value["type"] == "http.disconnect")
    finally:
        looking.close()
    return False


class _Abandonable:
    """A class and not a generator: it is a part of every request, and costs it a third so."""

    __slots__ = ("_caller", "_task")

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._task: asyncio.Task[Any] | None = None

    def __enter__(self) -> None:
        self._task = asyncio.current_task()
        assert self._task is not None
        self._caller._tasks.add(self._task)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._task is not None
        self._caller._tasks.discard(self._task)
        if isinstance(error, asyncio.CancelledError) and self._caller._verdict is not None:
            self._task.uncancel()
            raise self._caller._verdict from None


_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


@contextlib.contextmanager
def while_caller_waits() -> Iterator[None]:
    """What is awaited inside ends when the request's caller goes; outside of a request it just goes on.

    Raises:
        CallerGone, Unavailable: as ``Caller.require_present`` does.
    """
    caller = _caller.get()
    with caller.abandonable() if caller else contextlib.nullcontext():
        yield


def require_caller() -> None:
    """Returns while the request's caller waits, and outside of a request.

    Raises:
        CallerGone, Unavailable: as ``Caller.require_present`` does.
    """
    caller = _caller.get()
    if caller is not None:
        caller.require_present()


def start(coroutine: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
    """A task that ends with the request that it is a part of: when its caller goes, or has waited too long."""
    caller = _caller.get()
    return caller.start(coroutine) if caller else asyncio.create_task(coroutine)


def statement_slots() -> asyncio.Semaphore | None:
    """What bounds how many statements of a request run at once; None outside of a request."""
    caller = _caller.get()
    return caller.statement_slots if caller else None
