"""Forgets mailed links whose time is over."""

from dataclasses import dataclass

from subgraphs.users.domain.ports import UsersWork


@dataclass(frozen=True, slots=True)
class ForgetLinks:
    """Those that have expired."""


async def forget_links(_: ForgetLinks, work: UsersWork) -> None:
    """Nothing waits for it, since an expired link is rejected anyway."""
    await work.links.forget_expired()
