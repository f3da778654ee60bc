"""Accounts: what opens one, and what a log-in is checked against."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.email import comparable
from shared.security.common_passwords import is_common
from shared.text import can_be_seen
from subgraphs.users.domain.rejections import PasswordCommon, PasswordInvisible, PasswordIsAddress, PasswordLength

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to open; ``email`` is as it was typed."""

    email: str
    name: str
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """An account that was opened just now."""

    user_id: UUID
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a log-in is checked against.

    An account ``is_new`` as long as whoever opened it may not have learned of it.
    """

    user_id: UUID
    password_hash: str = field(repr=False)
    is_new: bool


def check_password(password: str, email: str) -> None:
    """Passes when a password is good enough for the account of this address.

    As NIST SP 800-63B has it: long enough, none that is tried first, and no rule about which characters it has.

    Raises:
        PasswordLength, PasswordInvisible, PasswordIsAddress, PasswordCommon
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PasswordLength(len(password), SHORTEST_PASSWORD, LONGEST_PASSWORD)
    if not can_be_seen(password):
        raise PasswordInvisible
    if comparable(password) == comparable(email):
        raise PasswordIsAddress
    if is_common(password):
        raise PasswordCommon
