"""The handlers of buyers' cards, without a server."""

from dataclasses import replace
from uuid import UUID

import pytest

from shared.errors import Unavailable
from shared.ids import new_id
from subgraphs.payments.commands.remove_method import RemoveMethod, remove_method
from subgraphs.payments.commands.save_method import SaveMethod, save_method
from subgraphs.payments.commands.set_default_method import SetDefaultMethod, set_default_method
from subgraphs.payments.domain.methods import MAX_SAVED_METHODS, UNKNOWN_METHOD
from subgraphs.payments.domain.rejections import MethodDeclined, MethodNotFound, TooManyMethods
from tests.unit.payments.shop import Shop

ADA = SaveMethod(new_id(), "1.first", make_default=False)


async def saved(shop: Shop, method: str = ADA.method, user_id: UUID = ADA.user_id, *, default: bool = False) -> UUID:
    return await shop.perform_alone(save_method, SaveMethod(user_id, method, default))


def default_of(shop: Shop) -> list[UUID]:
    return [card.method.id for card in shop.tables.cards.values() if card.method.is_default]


async def test_the_first_card_is_the_default_until_another_is_chosen(shop: Shop) -> None:
    first, second = await saved(shop), await saved(shop, "2")
    assert default_of(shop) == [first]
    third = await saved(shop, "3", default=True)
    assert default_of(shop) == [third]
    assert await shop.perform(set_default_method, SetDefaultMethod(ADA.user_id, second)) == second
    assert default_of(shop) == [second]


async def test_a_card_that_is_kept_again_stays_that_one(shop: Shop) -> None:
    assert await saved(shop) == await saved(shop)
    assert len(shop.tables.cards) == 1


async def test_the_same_number_is_kept_once_with_the_new_date_of_its_end(shop: Shop) -> None:
    first = await saved(shop, "1.first")
    assert await saved(shop, "1.renewed") == first
    assert list(shop.vault.kept) == ["1.first"]
    assert shop.tables.cards[first].card.expires_year == shop.vault.kept["1.first"].expires_year == 2031


async def test_somebody_elses_card_looks_like_none_and_the_provider_is_not_asked(shop: Shop) -> None:
    kept = await saved(shop)
    bob = new_id()
    with pytest.raises(MethodDeclined) as rejected:
        await saved(shop, user_id=bob)
    assert rejected.value.reason == UNKNOWN_METHOD.message
    for handler, command in ((remove_method, RemoveMethod(bob, kept)), (remove_method, RemoveMethod(bob, new_id()))):
        with pytest.raises(MethodNotFound):
            await shop.perform_alone(handler, command)
    with pytest.raises(MethodNotFound):
        await shop.perform(set_default_method, SetDefaultMethod(bob, kept))
    assert list(shop.vault.kept) == [ADA.method]


async def test_what_the_provider_declines_is_not_kept(shop: Shop) -> None:
    shop.vault.unknown.add("1.first")
    with pytest.raises(MethodDeclined):
        await saved(shop)
    assert shop.tables.cards == {}


async def test_a_card_that_finds_no_room_is_forgotten_again(shop: Shop) -> None:
    for number in range(MAX_SAVED_METHODS):
        await saved(shop, str(number))
    with pytest.raises(TooManyMethods) as rejected:
        await saved(shop, "one more")
    assert rejected.value.most == MAX_SAVED_METHODS == len(shop.vault.kept)
    assert await saved(shop, "0.renewed"), "the same number needs no room"
    assert await saved(shop, user_id=new_id(), method="of another user")


async def test_a_removed_default_is_followed_by_the_latest(shop: Shop) -> None:
    first, _, third = await saved(shop), await saved(shop, "2"), await saved(shop, "3")
    assert await shop.perform_alone(remove_method, RemoveMethod(ADA.user_id, first)) == first
    assert default_of(shop) == [third]
    assert ADA.method not in shop.vault.kept
    with pytest.raises(MethodNotFound):
        await shop.perform_alone(remove_method, RemoveMethod(ADA.user_id, first))


async def test_without_the_providers_answer_a_card_is_still_there(shop: Shop) -> None:
    kept = await saved(shop)
    shop.vault.failure = Unavailable("away")
    with pytest.raises(Unavailable):
        await shop.perform_alone(remove_method, RemoveMethod(ADA.user_id, kept))
    assert list(shop.tables.cards) == [kept]
    shop.vault.failure = Unavailable("away")
    with pytest.raises(Unavailable):
        await shop.perform_alone(save_method, replace(ADA, method="2"))
