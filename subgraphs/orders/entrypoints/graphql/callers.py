"""Who calls."""

from uuid import UUID

from shared.graphql.context import Info, principal_of


def user_id_of(info: Info) -> UUID | None:
    """The caller's id; None for an anonymous one."""
    principal = principal_of(info)
    return principal.user_id if principal else None
