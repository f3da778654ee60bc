"""The inputs of mutations: what is read here can be relied on."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from shared.countries import country_code
from shared.email import is_email
from shared.errors import Rejection, UserError
from shared.graphql.form import Form
from shared.text import trimmed
from subgraphs.users.commands.register import Register
from subgraphs.users.domain.account import check_password
from subgraphs.users.domain.address import PostalAddress
from subgraphs.users.entrypoints.graphql.rejections import (
    INVALID,
    address_not_found,
    invalid,
    session_not_found,
    user_error,
)

_LONGEST_NAME = 200
_LONGEST_LINE = 200
_LONGEST_POSTAL_CODE = 20
_LONGEST_PHONE = 40

Input = Mapping[str, Any]


def registration(input: Input) -> Register:
    """The input of ``userRegister``. Raises UserErrors, naming each field that is wrong."""
    form = Form(INVALID)
    email, password = trimmed(input["email"]), input["password"]
    if not is_email(email):
        form.note(invalid("This is no e-mail address; write one such as ada@example.com.", "email"))
    try:
        check_password(password, email)
    except Rejection as rejection:
        form.note(user_error(rejection, input))
    name = form.text(input["name"], "The name", _LONGEST_NAME, "name")
    form.check()
    return Register(email, name, password)


def postal_address(input: Input) -> PostalAddress:
    """An ``AddressInput``. Raises UserErrors, naming each field that is wrong."""
    form = Form(INVALID)
    address = PostalAddress(
        recipient=form.text(input["recipient"], "The recipient", _LONGEST_LINE, "address", "recipient"),
        line1=form.text(input["line1"], "The first line", _LONGEST_LINE, "address", "line1"),
        line2=_optional(form, input, "line2", "The second line", _LONGEST_LINE, "line2"),
        postal_code=_optional(form, input, "postal_code", "The postal code", _LONGEST_POSTAL_CODE, "postalCode"),
        city=form.text(input["city"], "The city", _LONGEST_LINE, "address", "city"),
        country=_country(form, input["country"]),
        phone=_optional(form, input, "phone", "The telephone number", _LONGEST_PHONE, "phone"),
    )
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


def _optional(form: Form, input: Input, name: str, label: str, longest: int, field: str) -> str | None:
    return form.optional_text(input.get(name), label, longest, "address", field)


def _country(form: Form, typed: str) -> str:
    code = country_code(typed)
    if code is None:
        message = "The country is no ISO 3166-1 code; write two letters such as DE."
        form.note(invalid(message, "address", "country"))
    return code or ""
