"""What resolvers know of the request that they answer."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import GraphQLResolveInfo

from shared.errors import Unauthenticated
from shared.runtime.callers import Caller
from shared.security.auth import Principal
from shared.security.revocations import Revocations


@dataclass(slots=True)
class RequestContext:
    """The request's caller: a principal, or nobody.

    ``capability`` is what an anonymous caller, or anybody else, shows to open one thing: ``shared.security.capability``
    tells whose it is. It may be any text.

    ``user_agent`` and ``forwarded_for`` are the headers of these names, where the router sends them: what the caller
    says of its program, and from where it came, the last address by whom the router believes.

    ``revocations`` tells which sessions were revoked; None where nobody ends sessions.

    ``caller`` is there for mutations: whether anybody still waits for them.

    ``loaders`` are what ``shared.graphql.dataloader`` keeps by their names.
    """

    principal: Principal | None
    capability: str | None = None
    user_agent: str | None = None
    forwarded_for: str | None = None
    revocations: Revocations | None = None
    caller: Caller | None = None
    loaders: dict[Hashable, Any] = field(default_factory=dict)


Info: TypeAlias = GraphQLResolveInfo[RequestContext]


def principal_of(info: Info) -> Principal | None:
    """The caller, or None for an anonymous one."""
    return info.context.principal


def require_principal(info: Info) -> Principal:
    """The caller.

    Raises:
        Unauthenticated: for an anonymous one.
    """
    principal = principal_of(info)
    if principal is None:
        raise Unauthenticated("Log in first: this needs an access token.")
    return principal
