"""A dispute whose provider is not configured any more ends by the shop's own word."""

from uuid import UUID

import pytest

from shared.persistence import db
from subgraphs.payments.domain.provider import DisputeOutcome
from subgraphs.payments.domain.reconciliation import audit_ledger
from tests.backends import Backends
from tests.command_line import command
from tests.integration.payments.builders import captured, follow_all, movements_of, told_of
from tests.integration.payments.doubled import DoubledShop, make_due
from tests.integration.payments.performed import decide_dispute
from tests.integration.payments.test_provider_missing import NOBODY, books_of
from tests.integration.payments.test_provider_missing import attention_of as attention_among
from tests.subgraphs import fresh_environment


async def disputed(shop: DoubledShop) -> tuple[UUID, UUID, str]:
    """An order whose buyer's bank has 15.00 of 19.90, the dispute's id here and at the provider."""
    order_id = await captured(shop.provider)
    reference = await shop.double.dispute(await shop.reference(order_id), amount=1500)
    await shop.tell(*await shop.events(order_id))
    dispute_id: UUID = await db.fetch_value("SELECT id FROM disputes WHERE provider_reference = $1", reference)
    return order_id, dispute_id, reference


@pytest.mark.parametrize("outcome", [DisputeOutcome.WON, DisputeOutcome.LOST])
async def test_what_the_bank_decided_is_booked_and_told_as_if_by_the_provider(
    shop: DoubledShop, outcome: DisputeOutcome
) -> None:
    order_id, dispute_id, reference = await disputed(shop)
    await shop.double.decide(reference, outcome.lower())
    assert "decide-dispute" in (await attention_among(order_id) or "")
    for _ in range(2):
        assert (await decide_dispute(dispute_id, outcome, NOBODY)).minor == 1500
    assert [told["outcome"] for told in await told_of(order_id, "PaymentDisputeClosed")] == [outcome]
    assert (await movements_of(order_id))[-1] == (f"DISPUTE_{outcome}", 1500)
    assert [*audit_ledger(await books_of(order_id))] == []
    assert "decide-dispute" not in (await attention_among(order_id) or "")


async def test_a_second_word_replaces_the_first_as_after_an_appeal(shop: DoubledShop) -> None:
    order_id, dispute_id, reference = await disputed(shop)
    await shop.double.decide(reference, "won")
    await decide_dispute(dispute_id, DisputeOutcome.LOST, NOBODY)
    await decide_dispute(dispute_id, DisputeOutcome.WON, NOBODY)
    assert (await movements_of(order_id))[-1] == ("DISPUTE_REVERSED", 1500)
    assert [*audit_ledger(await books_of(order_id))] == []


async def test_the_word_of_a_provider_that_is_back_counts(shop: DoubledShop) -> None:
    order_id, dispute_id, reference = await disputed(shop)
    await decide_dispute(dispute_id, DisputeOutcome.WON, NOBODY)
    await make_due(order_id)
    await follow_all(shop.provider)
    assert (await movements_of(order_id))[-1] == ("DISPUTE_WON", 1500), "that it is open still is old news"
    await shop.double.decide(reference, "lost")
    await make_due(order_id)
    await follow_all(shop.provider)
    assert (await movements_of(order_id))[-1] == ("DISPUTE_LOST", 1500)
    assert [*audit_ledger(await books_of(order_id))] == []


@pytest.mark.parametrize(
    ("options", "status", "complaint"),
    [
        (["--dispute", "x", "--outcome", "won"], 2, "argument --dispute: write the id of a dispute, a UUID"),
        (["--dispute", str(UUID(int=1)), "--outcome", "open"], 2, "argument --outcome: invalid choice: 'open'"),
        (["--dispute", str(UUID(int=1))], 2, "the following arguments are required: --outcome"),
        (["--dispute", str(UUID(int=1)), "--outcome", "lost"], 1, "There is no dispute with this id"),
    ],
)
async def test_a_mistake_on_the_command_line_is_one_line(
    backends: Backends, options: list[str], status: int, complaint: str
) -> None:
    found, output = await command(await fresh_environment(backends, "payments"), "payments", "decide-dispute", *options)
    assert (found, complaint in output.splitlines()[-1]) == (status, True), output
