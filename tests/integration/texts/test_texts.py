"""No text gets past the chassis' one rule, whichever subgraph takes it.

A String that is new in an SDL must be listed here.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.texts.conftest import Mesh
from tests.integration.texts.places import Place, contract
from tilt.embedded.subgraphs import SUBGRAPHS

_ADDRESS = {
    "recipient": 200,
    "company": 200,
    "line1": 200,
    "line2": 200,
    "postalCode": 20,
    "city": 200,
    "countryArea": 200,
    "phone": 40,
}
_BOOK = {
    f"{field}.input.address.{name}": size
    for field in ("addressCreate", "addressUpdate")
    for name, size in _ADDRESS.items()
}
TEXTS = {
    "userRegister.input.name": 200,
    "userUpdate.input.name": 200,
    **_BOOK,
    **{
        f"checkoutPlaceOrder.input.{which}.{name}": size
        for which in ("shippingAddress", "billingAddress")
        for name, size in _ADDRESS.items()
    },
    "orderCancel.input.reason": 500,
    "orderRefund.input.reason": 500,
    "orderSettle.input.paidOutside": 500,
    "shipmentCreate.input.carrier": 100,
    "shipmentCreate.input.trackingCode": 100,
    "stockReceive.input.reason": 500,
    "stockAdjust.input.reason": 500,
    "stockTransfer.input.reason": 500,
    "products.filter.text": 200,
    "orders.search": 254,
    "orders.filter.email": 254,
    "orders.filter.sku": 254,
}
"""Texts for people, with the most characters that they may have."""
KEY_SIZE = 200
EMAILS = {
    "userRegister.input.email",
    "userChangeEmail.input.newEmail",
    "userRequestPasswordReset.input.email",
    "checkoutPlaceOrder.input.email",
}
COUNTRIES = {f"{field}.input.address.country" for field in ("addressCreate", "addressUpdate")} | {
    "checkoutPlaceOrder.input.shippingAddress.country",
    "checkoutPlaceOrder.input.billingAddress.country",
}
LOOKED_UP = {
    *(
        "userRegister.input.password",
        "userLogin.input.email",
        "userLogin.input.password",
        "tokenRefresh.input.refreshToken",
        "userChangePassword.input.currentPassword",
        "userChangePassword.input.newPassword",
        "userChangeEmail.input.currentPassword",
        "userResetPassword.input.password",
    ),
    *(
        f"{field}.input.token"
        for field in ("userVerifyEmail", "userResetPassword", "userConfirmEmailChange", "userUndoEmailChange")
    ),
    *("addressForm.country", "product.slug", "category.slug", "products.filter.category"),
}
"""Secrets, and what has to be something that exists: whatever else comes is not found, without a fault of ours."""

METHOD_MISTAKE = (
    "A payment method's id has 1 to 255 printable ASCII characters and no spaces; send what its provider gave you."
)
UNSEEN = (
    "\u200b",
    "\ufeff",
    "\u00ad",
    "\u2060",
    "\u200e\u200f",
    "\u202e",
    "\u2066\u2069",
    "\u3164",
    "\u2800",
    "\u0301",
    " \u200b ",
)
BROKEN = (
    *("a\u2028b", "a\u2029b", "a\nb", "a\rb", "a\tb", "a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "\x1fa"),
    *("a\ue000b", "a\U000f0000b", "a\ufdd0b", "a\ufffeb", "a\U0001ffffb", "a\u0378b"),
)
EMPTY = ("", " ", "\u2028", "\u00a0\u3000", "\n\t")
GOOD = (
    "Zoe\u0308 \u0141ukasz",
    "\u738b\u5c0f\u660e",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    'O\'Neil & "Co" <b>',
    "  7\u00a0",
)
OVERRIDES: dict[str, Any] = {
    "*.country": "AO",  # has neither postal codes nor known areas: any text can be either
    "*.password": "correct horse battery",
    "*.paymentMethodId": "pm_card_visa",
    "stockTransfer.input.toWarehouseId": "018cc778-5000-7001-950a-eeeeeeeeeeee",
    "orderRefund.input.restock": False,
    "orderSettle.input.amount": {"amount": "1.00", "currency": "EUR"},
    "product.id": None,
    "orders.filter.placedFrom": None,
    "MoneyInput": None,
    "*.after": None,
}
PLACES = [place for name in SUBGRAPHS for place in contract(name).places()]
BY_NAME = {place.name: place for place in PLACES}
KEYS = {name for name in BY_NAME if name.endswith(".idempotencyKey")}
OPTIONAL = {name for name in TEXTS if BY_NAME[name].is_optional}
"""Texts that count as left out when there is nothing in them."""
CURSORS = {name for name in BY_NAME if name.endswith(".after")}
FOREIGN_IDS = {name for name in BY_NAME if name.endswith(".paymentMethodId")}


def told(answer: dict[str, Any], place: Place) -> list[str]:
    """The messages of an answer that name a place as the one at fault; fails for a fault of ours."""
    top = answer.get("errors", [])
    assert not [error for error in top if error["extensions"]["code"] in ("INTERNAL", "UNAVAILABLE")], (
        place.name,
        answer,
    )
    mistakes = ((answer.get("data") or {}).get("it") or {}).get("errors", [])
    named = [(error["message"], error["extensions"].get("field")) for error in top]
    named += [(mistake["message"], mistake["field"]) for mistake in mistakes]
    return [message for message, field in named if field == place.told_as]


async def all_told(mesh: Mesh, name: str, texts: Sequence[str]) -> dict[str, list[str]]:
    """What is told of each of these texts at a place."""
    place = BY_NAME[name]
    answers = await asyncio.gather(*(mesh.ask(place, text, OVERRIDES) for text in texts))
    return {text: told(answer, place) for text, answer in zip(texts, answers, strict=True)}


def named(names: set[str]) -> list[Any]:
    return [pytest.param(name, id=name) for name in sorted(names)]


def test_every_string_of_the_contracts_is_listed_here() -> None:
    strings = {place.name for place in PLACES if place.type == "String"}
    listed = {*TEXTS, *KEYS, *FOREIGN_IDS, *EMAILS, *COUNTRIES, *LOOKED_UP, *CURSORS}
    assert strings == listed, "say here what a new String is for, and hold it to shared/text.py"


@pytest.mark.parametrize("name", named({*TEXTS, *KEYS}))
async def test_what_can_not_be_read_or_seen_is_refused_by_field(mesh: Mesh, name: str) -> None:
    size = TEXTS.get(name, KEY_SIZE)
    for text, messages in (
        await all_told(mesh, name, (*UNSEEN, *BROKEN, "x" * (size + 1), "\U0001f600" * (size + 1)))
    ).items():
        assert len(messages) == 1, (ascii(text), messages)
        assert f"1 to {size} characters" in messages[0]


@pytest.mark.parametrize("name", named({*TEXTS, *KEYS} - OPTIONAL))
async def test_what_is_only_white_space_is_refused_as_empty(mesh: Mesh, name: str) -> None:
    for text, messages in (await all_told(mesh, name, EMPTY)).items():
        assert len(messages) == 1, (ascii(text), messages)
        assert "is empty" in messages[0]


@pytest.mark.parametrize("name", named(OPTIONAL))
async def test_what_is_optional_and_only_white_space_counts_as_left_out(mesh: Mesh, name: str) -> None:
    assert not any((await all_told(mesh, name, EMPTY)).values())


@pytest.mark.parametrize("name", named({*TEXTS, *KEYS}))
async def test_what_people_write_is_taken(mesh: Mesh, name: str) -> None:
    size = TEXTS.get(name, KEY_SIZE)
    good = (*GOOD, "x" * size, "\u2003" + "\U0001f600" * size + "\n")
    assert not any((await all_told(mesh, name, good)).values())


async def test_an_idempotency_key_is_refused_in_the_same_words_everywhere(mesh: Mesh) -> None:
    for text in (" ", "a\x00b", "\u200b", "k" * 201):
        messages = {
            message for name in KEYS for message in told(await mesh.ask(BY_NAME[name], text, OVERRIDES), BY_NAME[name])
        }
        assert len(messages) == 1, messages


@pytest.mark.parametrize("name", named(FOREIGN_IDS))
async def test_a_payment_method_is_one_thing_to_all(mesh: Mesh, name: str) -> None:
    hostile = await all_told(mesh, name, (*EMPTY, *UNSEEN, *BROKEN, "pm card", "pm_\u00e9", "p" * 256))
    assert set(map(tuple, hostile.values())) == {(METHOD_MISTAKE,)}
    good = await all_told(mesh, name, ("p" * 255, f"pm_{uuid4().hex}", " pm_card_visa\n"))
    assert not any(METHOD_MISTAKE in messages for messages in good.values())


@pytest.mark.parametrize("name", named(EMAILS | COUNTRIES))
async def test_what_is_no_address_or_country_is_refused_by_field(mesh: Mesh, name: str) -> None:
    hostile = (*EMPTY, *UNSEEN, *BROKEN, "\u00df", "\ufb01", "D\u200bE", "ada@example.com\n\u200b")
    assert all((await all_told(mesh, name, hostile)).values())


@pytest.mark.parametrize("name", named({place.name for place in PLACES if place.type == "ID"} | LOOKED_UP | CURSORS))
async def test_what_is_looked_up_and_is_nothing_is_no_fault_of_ours(mesh: Mesh, name: str) -> None:
    await all_told(mesh, name, (*EMPTY, *UNSEEN, *BROKEN, "x" * 10_000))
