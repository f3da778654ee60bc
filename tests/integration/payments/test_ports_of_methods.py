"""One contract for the ports of payments, in memory and in Postgres: buyers' cards."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from shared.ids import new_id
from subgraphs.payments.domain.ports import PaymentsWork
from tests.integration.payments.contract import CARD, beginning, begun


async def test_a_card_is_kept_once_and_found_by_all_it_is_known_by(work: PaymentsWork) -> None:
    ada = new_id()
    card = replace(CARD, reference=f"pm_{ada}")
    kept = await work.transaction(lambda step: step.methods.add(ada, "stripe", "cus_1", card))
    assert await work.methods.add(ada, "stripe", "cus_other", card) == kept
    assert await work.methods.of_user(ada, kept.id) == kept
    assert await work.methods.of_user(new_id(), kept.id) is None
    assert await work.methods.by_reference("stripe", card.reference) == kept
    assert await work.methods.by_reference("paypal", card.reference) is None
    assert await work.methods.by_fingerprint(ada, "stripe", "number") == kept
    for nobodys in (
        work.methods.by_fingerprint(new_id(), "stripe", "number"),
        work.methods.by_fingerprint(ada, "stripe", None),
    ):
        assert await nobodys is None
    assert await work.methods.count(ada) == 1


async def test_one_card_is_the_default_and_the_last_one_becomes_it(work: PaymentsWork) -> None:
    ada, methods = new_id(), work.methods
    cards = [replace(CARD, reference=f"pm_{ada}_{number}", fingerprint=None) for number in range(3)]
    first, second, third = [await methods.add(ada, "stripe", "cus_1", card) for card in cards]
    await methods.ensure_default(ada)
    assert await defaults(work, ada, first.id, second.id, third.id) == [third.id]
    await methods.make_default(ada, first.id)
    await methods.ensure_default(ada)
    assert await defaults(work, ada, first.id, second.id, third.id) == [first.id]
    assert await methods.remove(first.id)
    assert not await methods.remove(first.id)
    await methods.renew(second.id, replace(CARD, expires_year=2040))
    await methods.ensure_default(ada)
    assert await defaults(work, ada, second.id, third.id) == [third.id]


async def defaults(work: PaymentsWork, user_id: UUID, *method_ids: UUID) -> Sequence[UUID]:
    kept = [await work.methods.of_user(user_id, method_id) for method_id in method_ids]
    return [each.id for each in kept if each is not None and each.is_default]


async def test_a_customer_is_kept_once(work: PaymentsWork) -> None:
    ada = new_id()
    assert await work.methods.customer_reference(ada, "stripe") is None
    assert [await work.methods.keep_customer(ada, "stripe", name) for name in ("cus_1", "cus_2")] == ["cus_1"] * 2
    assert await work.methods.customer_reference(ada, "stripe") == "cus_1"


@pytest.mark.parametrize("is_own", [True, False])
async def test_a_kept_card_pays_with_its_customer_and_somebody_elses_by_our_id(
    work: PaymentsWork, is_own: bool
) -> None:
    ada = new_id()
    card = replace(CARD, reference=f"pm_{ada}")
    kept = await work.methods.add(ada, "stripe", "cus_1", card)
    wanted = beginning(method=card.reference)
    payment = await begun(work, replace(wanted, customer_id=ada) if is_own else wanted)
    expected = (card.reference, "cus_1") if is_own else (str(kept.id), None)
    assert (payment.method, payment.customer_reference) == expected
