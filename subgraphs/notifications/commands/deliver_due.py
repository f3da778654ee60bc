"""Sends messages that are due, some at a time."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shared.errors import ServiceError
from shared.telemetry.failures import described
from subgraphs.notifications.domain.events import notification_sent
from subgraphs.notifications.domain.message import ACCOUNT_PAGES, Kind, Outgoing, pause_after
from subgraphs.notifications.domain.ports import NotificationsWork, UndeliverableError

logger = logging.getLogger(__name__)

# A batch is sent, then recorded: this many at most are sent again after a crash.
# With the attempt that it may end in, it must end well within the lease of claimed messages.
BATCH = 20
_BATCH_SECONDS = 20.0
_ATTEMPT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class DeliverDue:
    """``attempts`` is how often a message is tried, ``is_stopping`` whether what is not begun is left to others."""

    attempts: int
    is_stopping: Callable[[], bool]


@dataclass(slots=True)
class Delivered:
    """What became of a batch. ``is_well``: the mail server has no trouble that another message would have too."""

    claimed: int
    is_well: bool = True
    sent: list[Outgoing] = field(default_factory=list)
    postponed: list[Kind] = field(default_factory=list)
    given_up: list[Kind] = field(default_factory=list)


async def deliver_due(command: DeliverDue, work: NotificationsWork) -> Delivered:
    """Sends what it can in its time; each message is claimed by one worker. It has no transaction while it sends."""
    messages = await work.messages.claim(BATCH)
    delivered, waiting = Delivered(len(messages)), list(reversed(messages))
    deadline = time.monotonic() + _BATCH_SECONDS
    while waiting and delivered.is_well and not command.is_stopping() and time.monotonic() < deadline:
        await _deliver(waiting.pop(), command.attempts, delivered, work)
    if delivered.sent:
        await work.transaction(lambda step: _record(delivered.sent, step))
    if waiting:
        await work.messages.release(waiting)
    return delivered


async def _deliver(message: Outgoing, attempts: int, delivered: Delivered, work: NotificationsWork) -> None:
    error = await _send(message, work)
    if error is None:
        delivered.sent.append(message)
        return
    # Who can't be asked for a link keeps no mail back that has none.
    delivered.is_well = isinstance(error, UndeliverableError | ServiceError)
    if isinstance(error, UndeliverableError) or message.attempt >= attempts:
        logger.error("message %s is given up after %d attempts: %s", message.id, message.attempt, described(error))
        delivered.given_up.append(message.kind)
        await work.messages.give_up(message, repr(error))
    else:
        logger.warning("message %s was not sent, attempt %d: %s", message.id, message.attempt, described(error))
        delivered.postponed.append(message.kind)
        await work.messages.postpone(message, repr(error), pause_after(message.attempt))


async def _send(message: Outgoing, work: NotificationsWork) -> Exception | None:
    try:
        async with asyncio.timeout(_ATTEMPT_SECONDS):
            await work.mail_server.send(await _linked(message, work))
    except (UndeliverableError, ServiceError) as error:
        return error
    except Exception as error:
        await work.mail_server.close()
        return error
    return None


async def _linked(message: Outgoing, work: NotificationsWork) -> Outgoing:
    """With what opens something in the fragment of its link: no server is told that, so that no log has it."""
    if message.link_id is not None and message.kind in ACCOUNT_PAGES:
        token = await work.account_links.of(message.link_id)
        return message.with_account_link(_address(ACCOUNT_PAGES[message.kind], token, work))
    if not message.has_order_link or message.order_id is None:
        return message
    token = await work.order_tokens.of(message.order_id)
    return message.with_order_link(_address("guest-order", token, work))


def _address(page: str, token: str, work: NotificationsWork) -> str:
    return f"{work.shop_url.rstrip('/')}/{page}" + (f"#{token}" if token else "")


async def _record(messages: Sequence[Outgoing], work: NotificationsWork) -> None:
    """The others are told once, should two have sent one."""
    work.events.record(*map(notification_sent, await work.messages.record_sent(messages)))
