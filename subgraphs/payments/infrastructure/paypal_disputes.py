"""PayPal's disputes in our words; source: PayPal's API reference, "Disputes v1"."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

from subgraphs.payments.domain.provider import Dispute, DisputeOutcome
from subgraphs.payments.infrastructure.paypal_api import Fields, PayPalApi
from subgraphs.payments.infrastructure.paypal_errors import RETRIEVE, Missing
from subgraphs.payments.infrastructure.paypal_money import read_amount
from subgraphs.payments.infrastructure.paypal_orders import order_of, segment

DISPUTES = "/v1/customer/disputes"
_LARGEST_PAGE = 50
_MOST_PAGES = 50
_RESOLVED = "RESOLVED"
_LOST = ("RESOLVED_BUYER_FAVOUR", "ACCEPTED")
_FEES = ("DISPUTE_FEE", "CHARGEBACK_FEE")


async def disputes_of_capture(api: PayPalApi, capture: str, order: str) -> Sequence[Dispute]:
    """The disputes of an order's capture, as they are now."""
    listed = [fields async for fields in _pages(api, disputed_transaction_id=capture)]
    return [
        read_dispute(await api.read(RETRIEVE, f"{DISPUTES}/{segment(each['dispute_id'])}"), order) for each in listed
    ]


async def disputes_changed(api: PayPalApi, since: datetime, until: datetime) -> AsyncIterator[Dispute]:
    """Each dispute that changed in this time, as it is now; those of no order are left out."""
    async for listed in _pages(api, update_time_after=written(since), update_time_before=written_after(until)):
        fields = await api.read(RETRIEVE, f"{DISPUTES}/{segment(str(listed['dispute_id']))}")
        order = await order_of_dispute(api, fields)
        if order is not None:
            yield read_dispute(fields, order)


async def order_of_dispute(api: PayPalApi, fields: Fields) -> str | None:
    """The order that a dispute is of, if any."""
    return await order_of_capture(api, fields["disputed_transactions"][0]["seller_transaction_id"])


async def order_of_capture(api: PayPalApi, capture: str) -> str | None:
    """The order of a capture that PayPal knows, if any."""
    try:
        return order_of(await api.read(RETRIEVE, f"/v2/payments/captures/{segment(capture)}"))
    except Missing:
        return None


def read_dispute(fields: Fields, order: str) -> Dispute:
    """A dispute from PayPal's JSON.

    Raises:
        KeyError, TypeError, ValueError: when it is not the JSON of a dispute.
    """
    return Dispute(
        reference=str(fields["dispute_id"]),
        intent_reference=order,
        outcome=_outcome(fields),
        amount=read_amount(fields["dispute_amount"]),
        fee_minor=sum(
            read_amount(each["amount"]).minor for each in fields.get("money_movements", ()) if _is_our_fee(each)
        ),
        reason=str(fields.get("reason") or "OTHER"),
        evidence_due_at=_evidence_due_at(fields),
    )


def written_after(moment: datetime) -> str:
    """The end of the millisecond of a time: a range up to there holds all that happened until then."""
    return written(moment + timedelta(milliseconds=1))


def written(moment: datetime) -> str:
    """A time as PayPal writes it, in whole milliseconds that have passed."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


async def _pages(api: PayPalApi, **query: str) -> AsyncIterator[Fields]:
    """The latest first, and without their details. PayPal has no more than fifty pages of fifty."""
    for number in range(1, _MOST_PAGES + 1):
        page = await api.read("records", DISPUTES, page_size=str(_LARGEST_PAGE), page=str(number), **query)
        items = page.get("items", ())
        for fields in items:
            yield fields
        if len(items) < _LARGEST_PAGE:
            return


def _evidence_due_at(fields: Fields) -> datetime | None:
    due = fields.get("seller_response_due_date")
    return datetime.fromisoformat(due) if due else None


def _outcome(fields: Fields) -> DisputeOutcome:
    if fields["status"] != _RESOLVED:
        return DisputeOutcome.OPENED
    code = fields.get("dispute_outcome", {}).get("outcome_code")
    return DisputeOutcome.LOST if code in _LOST else DisputeOutcome.WON


def _is_our_fee(movement: Fields) -> bool:
    is_debit = (movement.get("affected_party"), movement.get("type")) == ("SELLER", "DEBIT")
    return is_debit and movement.get("reason") in _FEES
