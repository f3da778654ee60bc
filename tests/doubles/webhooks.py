"""Sends a double's events to the shop's webhook until it answers 2xx, and as badly as the rules want."""

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import aiohttp

from tests.doubles.control import Control, WebhookAction

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
_PATIENCE_SECONDS = 10.0
_ATTEMPTS = 200
_AT_ONCE = 16
_KEPT_DELIVERIES = 20_000

Sign = Callable[[bytes], Mapping[str, str]]


@dataclass
class Delivery:
    """What has become of one copy of an event.

    ``status`` is 0 while nothing answered, ``is_lost`` means it is never sent.
    """

    event_id: str
    type: str
    attempts: int = 0
    status: int = 0
    is_lost: bool = False


class Webhooks:
    """``sign`` gives the headers of one attempt; it is asked anew for each, as signatures carry the time."""

    def __init__(self, control: Control, url: str | None, sign: Sign) -> None:
        self._control = control
        self._url = url
        self._sign = sign
        self._http: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[tuple[Delivery, bytes]] = []
        self._release = asyncio.Event()
        self.deliveries: deque[Delivery] = deque(maxlen=_KEPT_DELIVERIES)

    def send(self, event_id: str, event_type: str, body: bytes) -> None:
        """Begins to deliver an event; returns at once."""
        if self._url is None:
            return
        rules = self._control.rules_of_event(event_type)
        copies = rules[WebhookAction.DUPLICATE].copies if WebhookAction.DUPLICATE in rules else 1
        pause = rules[WebhookAction.DELAY].seconds if WebhookAction.DELAY in rules else 0.0
        for _ in range(copies):
            delivery = Delivery(event_id, event_type, is_lost=WebhookAction.LOSE in rules)
            self.deliveries.append(delivery)
            if delivery.is_lost:
                continue
            if shuffle := rules.get(WebhookAction.SHUFFLE):
                self._hold(delivery, body, shuffle.seconds, shuffle.seed)
            else:
                self._start(self._deliver(delivery, body, pause))

    def release(self) -> None:
        """Sends what is held back, now."""
        self._release.set()

    def reset(self) -> None:
        """Releases what is held back, and forgets what became of earlier events."""
        self.release()
        self.deliveries.clear()

    async def close(self) -> None:
        """Gives up what is not delivered."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def as_json(self) -> list[dict[str, Any]]:
        """All deliveries, oldest first."""
        return [asdict(delivery) for delivery in self.deliveries]

    def _hold(self, delivery: Delivery, body: bytes, seconds: float, seed: int) -> None:
        if not self._held:
            self._release = asyncio.Event()
            self._start(self._send_shuffled(self._release, seconds, seed))
        self._held.append((delivery, body))

    async def _send_shuffled(self, release: asyncio.Event, seconds: float, seed: int) -> None:
        """One after the other: sent at once, they could arrive in their old order."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(release.wait(), seconds)
        held, self._held = self._held, []
        random.Random(seed).shuffle(held)
        for delivery, body in held:
            if not await self._is_taken(delivery, body):
                self._start(self._deliver(delivery, body, FIRST_PAUSE_SECONDS))

    async def _deliver(self, delivery: Delivery, body: bytes, pause: float) -> None:
        await asyncio.sleep(pause)
        pause = FIRST_PAUSE_SECONDS
        for _ in range(_ATTEMPTS):
            if await self._is_taken(delivery, body):
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    async def _is_taken(self, delivery: Delivery, body: bytes) -> bool:
        delivery.attempts += 1
        try:
            async with self._slots, self._session().post(str(self._url), data=body, headers=self._sign(body)) as answer:
                delivery.status = answer.status
        except (aiohttp.ClientError, TimeoutError):
            return False
        return 200 <= delivery.status < 300

    def _session(self) -> aiohttp.ClientSession:
        """Begun late, because it belongs to the loop that it begins in.

        Not httpx, which takes six times the processor.
        """
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE_SECONDS))
        return self._http

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
