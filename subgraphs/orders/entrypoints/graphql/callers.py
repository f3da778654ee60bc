"""Who calls."""

from uuid import UUID

from shared.graphql.context import Info, principal_of, require_principal
from shared.security.auth import Principal
from subgraphs.orders.domain.order import Person

READ, CANCEL = "orders:read", "orders:cancel"


def user_id_of(info: Info) -> UUID | None:
    """The caller's id; None for an anonymous one."""
    principal = principal_of(info)
    return principal.user_id if principal else None


def person_with(info: Info, scope: str) -> Person:
    """The caller, who is staff with this scope.

    Raises:
        Unauthenticated: for an anonymous one.
    """
    return person(require_principal(info), scope)


def person(principal: Principal, scope: str) -> Person:
    """Somebody who is staff with this scope."""
    return Person(principal.user_id, scope in principal.scopes)


def staff(info: Info) -> Person:
    """The caller of what the SDL allows to staff alone."""
    return Person(require_principal(info).user_id, is_staff=True)
