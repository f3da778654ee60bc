"""The ``idempotencyKey`` of mutations that move money or stock."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from shared.graphql.context import Info, require_principal
from shared.idempotency import Answer, replayable, replayable_at_provider
from shared.json import canonical


async def replayable_mutation(info: Info, input: Mapping[str, Any], key: str, effect: Callable[[], Awaitable[str]]) -> str:
    """Runs a mutation's ``effect``, which answers an id, in one transaction; repeated by the same caller, it answers the same id.

    Raises:
        Unauthenticated: for an anonymous caller.
        BadUserInput, Conflict, Unavailable: as ``shared.idempotency.replayable`` does.
    """
    return await replayable(_scope(info), key, canonical(input), effect)


async def replayable_provider_mutation(
    info: Info, input: Mapping[str, Any], key: str, effect: Callable[[], Awaitable[Answer]]
) -> str:
    """The same for an ``effect`` that calls a provider; read what ``shared.idempotency.replayable_at_provider`` asks of it.

    Raises:
        Unauthenticated: for an anonymous caller.
        BadUserInput, Conflict, Unavailable: as ``shared.idempotency.replayable_at_provider`` does.
    """
    return await replayable_at_provider(_scope(info), key, canonical(input), effect)


def _scope(info: Info) -> str:
    return f"{info.field_name}:{require_principal(info).user_id}"
