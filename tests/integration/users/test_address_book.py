"""Address books, and who sees them."""

import asyncio
from typing import Any

import pytest

from shared.ids import new_id
from tests.integration.users.shoppers import (
    CREATE,
    DELETE,
    HOME,
    ME,
    SET_DEFAULT,
    SET_DEFAULT_BILLING,
    UPDATE,
    Shop,
    Shopper,
    codes,
)


def default_ids(book: list[dict[str, Any]]) -> list[str]:
    return [address["id"] for address in book if address["isDefault"]]


ULM = {**HOME, "city": "Ulm", "country": "DE", "postalCode": "89073"}


async def test_the_first_address_becomes_the_default_and_leads_the_book(shop: Shop) -> None:
    ada = await shop.shopper()
    ids = [await shop.add_address(ada, line1=f"Way {number}") for number in range(3)]
    book = await shop.book(ada)
    assert [address["id"] for address in book] == ids
    assert default_ids(book) == [ids[0]]


async def test_an_address_comes_back_as_it_was_typed_but_tidy(shop: Shop) -> None:
    ada = await shop.shopper()
    typed = {
        **HOME,
        "line2": " Flat 3 ",
        "postalCode": "sw1y 4le",
        "phone": "+44 20 7946 0000",
        "country": "gb",
        "company": "Analytical Engines",
        "countryArea": None,
    }
    added = (await shop.mutate(CREATE, ada.token, address=typed))["address"]
    tidy = {"line2": "Flat 3", "country": "GB", "postalCode": "SW1Y 4LE", "isDefault": True, "isDefaultBilling": False}
    assert added == {**typed, **tidy, "id": added["id"]}
    assert await shop.book(ada) == [added]


async def test_an_address_without_a_country_names_the_field_and_nothing_is_written(shop: Shop) -> None:
    ada = await shop.shopper()
    answer = await shop.mutate(CREATE, ada.token, address={**HOME, "country": ""})
    assert [(error["code"], error["field"]) for error in answer["errors"]] == [("INVALID", ["address", "country"])]
    assert await shop.book(ada) == []


async def test_an_update_replaces_the_content_and_keeps_the_default(shop: Shop) -> None:
    ada = await shop.shopper()
    address_id = await shop.add_address(ada, line2="Flat 3")
    answer = await shop.mutate(UPDATE, ada.token, id=address_id, address=ULM)
    (address,) = await shop.book(ada)
    assert answer["address"] == address
    assert (address["city"], address["line2"], address["isDefault"]) == ("Ulm", None, True)


async def test_another_default_comes_first(shop: Shop) -> None:
    ada = await shop.shopper()
    first, second, third = [await shop.add_address(ada) for _ in range(3)]
    answer = await shop.mutate(SET_DEFAULT, ada.token, id=third)
    assert answer["address"]["isDefault"]
    book = await shop.book(ada)
    assert [address["id"] for address in book] == [third, first, second]
    assert default_ids(book) == [third]


async def test_invoices_go_to_the_default_until_another_address_is_made_theirs(shop: Shop) -> None:
    ada = await shop.shopper()
    home, office = [await shop.add_address(ada) for _ in range(2)]

    async def billed() -> str:
        me = (await shop.process.graphql(ME, token=ada.token))["data"]["me"]
        assert me["defaultAddress"]["id"] == home
        billing_id: str = me["defaultBillingAddress"]["id"]
        return billing_id

    assert await billed() == home
    assert (await shop.mutate(SET_DEFAULT_BILLING, ada.token, id=office))["address"]["isDefaultBilling"]
    assert await billed() == office
    await shop.mutate(DELETE, ada.token, id=office)
    assert await billed() == home


async def test_deleting_the_default_promotes_the_oldest(shop: Shop) -> None:
    ada = await shop.shopper()
    first, second, third = [await shop.add_address(ada) for _ in range(3)]
    await shop.mutate(SET_DEFAULT, ada.token, id=second)
    assert (await shop.mutate(DELETE, ada.token, id=second))["deletedId"] == second
    assert default_ids(await shop.book(ada)) == [first]
    await shop.mutate(DELETE, ada.token, id=third)
    await shop.mutate(DELETE, ada.token, id=first)
    assert (await shop.process.graphql(ME, token=ada.token))["data"]["me"]["defaultAddress"] is None


async def test_a_book_holds_fifty_addresses_even_when_sixty_come_at_once(shop: Shop) -> None:
    ada = await shop.shopper()
    answers = await asyncio.gather(*(shop.mutate(CREATE, ada.token, address=HOME) for _ in range(60)))
    rejected = [answer["errors"][0] for answer in answers if codes(answer) == ["ADDRESS_BOOK_FULL"]]
    assert [error["field"] for error in rejected] == [["address"]] * 10
    book = await shop.book(ada)
    assert len(book) == 50
    assert len(default_ids(book)) == 1


async def test_defaults_set_and_deleted_at_once_leave_one(shop: Shop) -> None:
    ada = await shop.shopper()
    ids = [await shop.add_address(ada) for _ in range(12)]
    changes = [
        shop.mutate(SET_DEFAULT if number % 3 else DELETE, ada.token, id=each) for number, each in enumerate(ids)
    ]
    await asyncio.gather(*changes)
    book = await shop.book(ada)
    assert len(book) == 8
    assert len(default_ids(book)) == 1


@pytest.mark.parametrize("document", [UPDATE, DELETE, SET_DEFAULT, SET_DEFAULT_BILLING])
@pytest.mark.parametrize("whose", ["somebody else's", "nobody's", "malformed"])
async def test_an_address_that_is_not_ones_own_is_not_found(shop: Shop, document: str, whose: str) -> None:
    ada, bob = await shop.shopper(), await shop.shopper()
    own, other = await shop.add_address(bob), await shop.add_address(ada)
    address_id = {"somebody else's": other, "nobody's": str(new_id()), "malformed": "42"}[whose]
    content = {"id": address_id, **({"address": {**HOME, "city": "Ulm"}} if document == UPDATE else {})}
    answer = await shop.mutate(document, bob.token, **content)
    assert [(error["code"], error["field"]) for error in answer["errors"]] == [("ADDRESS_NOT_FOUND", ["id"])]
    assert [(address["id"], address["city"], address["isDefault"]) for address in await shop.book(ada)] == [
        (other, "London", True)
    ]
    assert default_ids(await shop.book(bob)) == [own]


async def test_users_are_visible_to_themselves_alone(shop: Shop) -> None:
    ada, bob = await shop.shopper(), await shop.shopper()
    selection = "{ id email addresses { city } }"
    both = [ada.id, bob.id]
    seen_by_ada = await shop.process.entities("User", both, selection, ada.token)
    assert seen_by_ada["data"]["_entities"] == [{"id": ada.id, "email": ada.email, "addresses": []}, None]
    assert (await shop.process.entities("User", both, selection))["data"]["_entities"] == [None, None]


async def test_me_with_a_full_address_book_takes_one_statement(shop: Shop) -> None:
    ada = await shop.shopper()
    for _ in range(5):
        await shop.add_address(ada)
    assert await statements(shop, "query me", shop.process.graphql(ME, token=ada.token)) == 1


async def test_a_thousand_users_take_one_statement(shop: Shop) -> None:
    ada = await shop.shopper()
    ids = [ada.id, *(str(new_id()) for _ in range(999))]
    asked = shop.process.entities("User", ids, "{ id name }", ada.token)
    assert await statements(shop, "query _entities(User)", asked) == 1


async def statements(shop: Shop, operation: str, asked: Any) -> float:
    """How many statements an operation takes."""
    before = await shop.process.metric("mercato_sql_statements_total", operation=operation)
    answer = await asked
    assert "errors" not in answer
    return await shop.process.metric("mercato_sql_statements_total", operation=operation) - before


async def test_the_token_of_a_deleted_account_finds_nothing(shop: Shop) -> None:
    ada: Shopper = await shop.shopper()
    await shop.sql("DELETE FROM users WHERE email = $1", ada.email)
    assert (await shop.process.graphql(ME, token=ada.token))["data"]["me"] is None
    answer = await shop.process.graphql(CREATE, {"input": {"address": HOME}}, ada.token)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
