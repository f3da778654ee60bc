"""Who calls."""

from uuid import UUID

from shared.errors import Unauthenticated
from shared.graphql.context import Info, RequestContext, principal_of, require_principal
from shared.security.capability import holder_id
from subgraphs.orders.domain.order import Person

READ, CANCEL = "orders:read", "orders:cancel"


def user_id_of(info: Info) -> UUID | None:
    """The caller's id; None for an anonymous one."""
    principal = principal_of(info)
    return principal.user_id if principal else None


def guest_id_of(info: Info) -> UUID | None:
    """Who the caller is by the order token that they show; None without one, and with one that can't be one."""
    return _guest_id(info.context)


def person_with(info: Info, scope: str) -> Person:
    """The caller, who is staff with this scope.

    Raises:
        Unauthenticated: for one who shows neither an access token nor an order's.
    """
    found = person(info.context, scope)
    if found is None:
        raise Unauthenticated("Log in first, or send your order's token: this needs an access token or x-order-token.")
    return found


def buyer(info: Info) -> Person:
    """The caller, who is nobody's staff here.

    Raises:
        Unauthenticated: for one who shows neither an access token nor an order's.
    """
    found = person_with(info, READ)
    return Person(found.user_id, is_staff=False, guest_id=found.guest_id)


def person(context: RequestContext, scope: str) -> Person | None:
    """Who asks, staff with this scope; None for one who shows neither an access token nor an order's.

    One whose order token is expired or none at all is somebody to whom no order is shown.
    """
    principal = context.principal
    if principal is None and context.capability is None:
        return None
    is_staff = principal is not None and scope in principal.scopes
    return Person(principal.user_id if principal else None, is_staff, _guest_id(context))


def staff(info: Info) -> Person:
    """The caller of what the SDL allows to staff alone."""
    return Person(require_principal(info).user_id, is_staff=True)


def _guest_id(context: RequestContext) -> UUID | None:
    return holder_id(context.capability) if context.capability else None
