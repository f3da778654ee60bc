"""What the endpoints of the OpenID provider are made of, and how Authlib, which is synchronous, waits for it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from joserfc.jwk import ECKey

from shared.persistence.work import UnitOfWork
from subgraphs.users.domain.openid_ports import Clients, ClientTokens, Codes
from subgraphs.users.domain.ports import UsersWork

Answer = TypeVar("Answer")

_loop: ContextVar[asyncio.AbstractEventLoop] = ContextVar("loop")


@dataclass(frozen=True, slots=True)
class Provider:
    """``url`` is the public address, without a slash at its end, and the issuer of ID tokens.

    ``signer`` and ``published`` are the keys of now, ``read`` the claims of an access token that is good.
    """

    url: str
    work: UnitOfWork[UsersWork]
    clients: Clients
    codes: Codes
    tokens: ClientTokens
    signer: Callable[[], ECKey]
    published: Callable[[], Any]
    read: Callable[[str], Mapping[str, Any] | None]


async def in_thread(function: Callable[..., Answer], *arguments: Any) -> Answer:
    """What a synchronous function answers; in there, ``awaited`` waits for what is not."""
    _loop.set(asyncio.get_running_loop())
    return await asyncio.to_thread(function, *arguments)


def awaited(coroutine: Coroutine[Any, Any, Answer]) -> Answer:
    """What a coroutine answers, run by the event loop that ``in_thread`` was called in."""
    return asyncio.run_coroutine_threadsafe(coroutine, _loop.get()).result()
