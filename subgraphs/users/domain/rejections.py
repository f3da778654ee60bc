"""What users rejects, with the facts of it. How each looks on the wire is told by the entrypoints."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import Rejection


@dataclass(eq=False)
class PasswordLength(Rejection):
    """A password is too short or too long."""

    length: int
    shortest: int
    longest: int


@dataclass(eq=False)
class PasswordInvisible(Rejection):
    """A password has no character that can be seen."""


@dataclass(eq=False)
class PasswordIsAddress(Rejection):
    """A password is the account's e-mail address."""


@dataclass(eq=False)
class PasswordCommon(Rejection):
    """A password is one of those that many people have, and that are tried first."""


@dataclass(eq=False)
class EmailTaken(Rejection):
    """The e-mail address has an account that is somebody else's, or not as new as to be the caller's."""


@dataclass(eq=False)
class CredentialsInvalid(Rejection):
    """No account has this address and this password; which of the two is wrong is not told."""


@dataclass(eq=False)
class TooManyFailures(Rejection):
    """Too many wrong passwords came for the address within a minute."""


@dataclass(eq=False)
class RefreshTokenInvalid(Rejection):
    """A refresh token is unknown, has ended, or was used before."""


@dataclass(eq=False)
class SessionNotFound(Rejection):
    """The user has no such session, or it has ended."""


@dataclass(eq=False)
class AccountGone(Rejection):
    """The account does not exist any more although its token has not ended yet."""

    user_id: UUID


@dataclass(eq=False)
class AddressBookFull(Rejection):
    """An address book holds ``most`` addresses, as many as it can."""

    most: int


@dataclass(eq=False)
class AddressNotFound(Rejection):
    """The address book has no such address."""


@dataclass(eq=False)
class LinkInvalid(Rejection):
    """A mailed link was used, has expired, was replaced or altered, or is for something or somebody else."""


@dataclass(eq=False)
class PasswordWrong(Rejection):
    """The password that was given as the one of now is another."""


@dataclass(eq=False)
class EmailUnchanged(Rejection):
    """The new address is the one that the account has."""


@dataclass(eq=False)
class EmailVerifiedBefore(Rejection):
    """The address is proved already, so that no link is mailed."""


@dataclass(eq=False)
class TooManyLinks(Rejection):
    """As many links were mailed within an hour as may be: ``most``."""

    most: int


@dataclass(eq=False)
class ClientNotFound(Rejection):
    """There is no such client, or it was removed."""


@dataclass(eq=False)
class CodeInvalid(Rejection):
    """An authorization code is unknown, has expired, is another client's, or was used before."""
