"""Payloads of mutations: the changed object and ``errors``."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, ParamSpec

from shared.errors import UserErrors

Arguments = ParamSpec("Arguments")


def payload(resolver: Callable[Arguments, Awaitable[dict[str, Any]]]) -> Callable[Arguments, Awaitable[dict[str, Any]]]:
    """Makes a mutation's resolver answer the caller's mistakes in its payload's ``errors``, where the contract wants them."""

    @wraps(resolver)
    async def answer(*args: Arguments.args, **kwargs: Arguments.kwargs) -> dict[str, Any]:
        try:
            return {"errors": [], **await resolver(*args, **kwargs)}
        except UserErrors as failure:
            return {"errors": failure.errors}

    return answer
