"""The inputs of mutations: what is read here can be relied on."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from shared.email import is_email
from shared.errors import Rejection, UserError
from shared.graphql.form import Form
from shared.postal.address import PostalAddress
from shared.postal.reading import read_address
from shared.text import trimmed
from subgraphs.users.commands.register import Register
from subgraphs.users.domain.account import check_password
from subgraphs.users.domain.tokens import UNKNOWN_ORIGIN, Origin
from subgraphs.users.entrypoints.graphql.rejections import (
    INVALID,
    address_not_found,
    invalid,
    session_not_found,
    user_error,
)

LONGEST_NAME = 200

Input = Mapping[str, Any]


def registration(input: Input, origin: Origin = UNKNOWN_ORIGIN) -> Register:
    """The input of ``userRegister``. Raises UserErrors, naming each field that is wrong."""
    form = Form(INVALID)
    email, password = trimmed(input["email"]), input["password"]
    if not is_email(email):
        form.note(invalid("This is no e-mail address; write one such as ada@example.com.", "email"))
    try:
        check_password(password, email)
    except Rejection as rejection:
        form.note(user_error(rejection, input))
    name = form.text(input["name"], "The name", LONGEST_NAME, "name")
    form.check()
    return Register(email, name, password, origin)


def postal_address(input: Input) -> PostalAddress:
    """An ``AddressInput``. Raises UserErrors, naming each field that is wrong."""
    form = Form(INVALID)
    address = read_address(form, input, "address")
    form.check()
    return address


def address_id(input: Input) -> UUID:
    """Which address of the caller's book. Raises UserErrors when it can be none."""
    return _id(input, address_not_found)


def session_id(input: Input) -> UUID:
    """Which session of the caller. Raises UserErrors when it can be none."""
    return _id(input, session_not_found)


def _id(input: Input, not_found: Callable[[], UserError]) -> UUID:
    form = Form(INVALID)
    found = form.id(input["id"], not_found)
    form.check()
    return found
