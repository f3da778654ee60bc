"""What an account tells of its owner, and what changes it."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose account it is; ``is_verified``: somebody has proved that the address is theirs."""

    user_id: UUID
    email: str
    name: str
    is_verified: bool


class Profiles(Protocol):
    """Accounts, as their owners change them."""

    async def of(self, user_id: UUID) -> Profile | None:
        """An account's."""

    async def lock(self, user_id: UUID) -> Profile | None:
        """The same, and nobody else's to change until the transaction ends."""

    async def by_email(self, email: str) -> Profile | None:
        """The account that has this address."""

    async def rename(self, user_id: UUID, name: str) -> None:
        """Gives a locked account another name."""

    async def password_hash(self, user_id: UUID) -> str | None:
        """What a password is checked against; None when the account is gone."""

    async def set_password(self, user_id: UUID, password_hash: str) -> None:
        """Gives a locked account another password."""

    async def verify(self, user_id: UUID) -> bool:
        """Remembers that a locked account's address was proved; False when it was before."""

    async def lock_addresses(self, *emails: str) -> None:
        """Has nobody else take or give up these addresses until the transaction ends."""

    async def move(self, user_id: UUID, email: str) -> bool:
        """Gives a locked account another address, which was proved; False when another account has it.

        The address was locked before.
        """
