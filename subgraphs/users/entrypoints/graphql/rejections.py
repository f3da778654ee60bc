"""How mistakes and rejections look to clients.

The codes of the SDL, what to do about it, and the field of the input.
"""

from collections.abc import Mapping
from typing import Any

from shared.errors import RateLimited, Rejection, Unauthenticated, UserError
from subgraphs.users.domain.rejections import (
    AccountGone,
    AddressBookFull,
    AddressNotFound,
    CredentialsInvalid,
    EmailTaken,
    EmailUnchanged,
    EmailVerifiedBefore,
    LinkInvalid,
    PasswordCommon,
    PasswordInvisible,
    PasswordIsAddress,
    PasswordLength,
    PasswordWrong,
    RefreshTokenInvalid,
    SessionNotFound,
    TooManyFailures,
    TooManyLinks,
)

INVALID = "INVALID"


def user_error(rejection: Rejection, input: Mapping[str, Any]) -> UserError:
    """What a client reads of a rejection; raises one that is no mistake in its input.

    Raises:
        RateLimited, Unauthenticated
    """
    match rejection:
        case EmailTaken():
            message = "This e-mail address has an account; log in, or use another."
            return UserError("EMAIL_TAKEN", message, _field(input, "email", "token"))
        case CredentialsInvalid():
            return UserError("CREDENTIALS_INVALID", "No account has this e-mail address and password.")
        case RefreshTokenInvalid():
            message = "The refresh token is unknown, has ended or was used before; log in again."
            return UserError("REFRESH_TOKEN_INVALID", message, ("refreshToken",))
        case SessionNotFound():
            return session_not_found()
        case TooManyFailures():
            raise RateLimited("Too many failed attempts to log in; wait a minute and try again.", ("email",))
        case PasswordLength() | PasswordInvisible() | PasswordIsAddress() | PasswordCommon():
            return UserError(INVALID, _about_password(rejection), _field(input, "password", "newPassword"))
        case LinkInvalid() | PasswordWrong() | EmailUnchanged() | EmailVerifiedBefore() | TooManyLinks():
            return _of_account(rejection)
        case _:
            return _of_address_book(rejection)


def invalid(message: str, *field: str) -> UserError:
    """A field that is empty, too long or not what it has to be."""
    return UserError(INVALID, message, field)


def session_not_found() -> UserError:
    """The caller has no such session that goes on."""
    return UserError("SESSION_NOT_FOUND", "You have no such session; it may have ended.", ("id",))


def address_not_found() -> UserError:
    """The address book has no such address."""
    return UserError("ADDRESS_NOT_FOUND", "Your address book has no such address.", ("id",))


def _field(input: Mapping[str, Any], name: str, other: str) -> tuple[str, ...]:
    """Which of two the input has."""
    return (name,) if name in input else (other,)


def _of_account(rejection: Rejection) -> UserError:
    match rejection:
        case LinkInvalid():
            message = "This link is not good (any more): it was used, has expired or is another's; ask for a new one."
            return UserError("LINK_INVALID", message, ("token",))
        case PasswordWrong():
            message = "The password of now is another; a forgotten one can be reset by mail."
            return UserError("CREDENTIALS_INVALID", message, ("currentPassword",))
        case EmailUnchanged():
            return invalid("This is the e-mail address that the account has.", "newEmail")
        case TooManyLinks(most):
            raise RateLimited(f"{most} links were mailed within an hour, as many as may be; look for them, or wait.")
        case _:
            return UserError(INVALID, "The e-mail address of the account is verified already.")


def _of_address_book(rejection: Rejection) -> UserError:
    match rejection:
        case AddressNotFound():
            return address_not_found()
        case AddressBookFull(most):
            message = f"The address book holds {most} addresses, as many as it can; remove one first."
            return UserError("ADDRESS_BOOK_FULL", message, ("address",))
        case AccountGone():
            raise Unauthenticated("The account does not exist any more.")
        case _:
            raise rejection


def _about_password(rejection: PasswordLength | PasswordInvisible | PasswordIsAddress | PasswordCommon) -> str:
    match rejection:
        case PasswordLength(length, shortest, longest):
            return f"The password has {length} characters; it needs {shortest} to {longest}."
        case PasswordInvisible():
            return "The password has no character that can be seen; use letters, digits or signs."
        case PasswordIsAddress():
            return "The password is the e-mail address; choose one that can't be guessed."
        case PasswordCommon():
            return "Many people have this password, so that it is tried first; choose one of your own."
