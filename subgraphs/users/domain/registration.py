"""Who may open an account: what an address, a password and a name must be."""

from dataclasses import dataclass

from shared.email import comparable, is_email
from shared.text import can_be_seen, trimmed
from subgraphs.users.domain.mistakes import Mistakes

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Registration:
    """An account to open; ``email`` is as it was typed."""

    email: str
    name: str


def checked_registration(email: str, password: str, name: str) -> Registration:
    """The account to open.

    Raises:
        UserErrors: naming all that is wrong.
    """
    mistakes = Mistakes()
    address = trimmed(email)
    if not is_email(address):
        mistakes.add("This is no e-mail address; write one such as ada@example.com.", "email")
    _check_password(mistakes, password, address)
    line = mistakes.required_line("The name", name, _LONGEST_NAME, "name")
    mistakes.refuse()
    return Registration(address, line)


def _check_password(mistakes: Mistakes, password: str, email: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        message = f"The password has {len(password)} characters; it needs {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}."
        mistakes.add(message, "password")
    elif not can_be_seen(password):
        mistakes.add("The password has no character that can be seen; use letters, digits or signs.", "password")
    elif comparable(password) == comparable(email):
        mistakes.add("The password is the e-mail address; choose one that can't be guessed.", "password")
