"""PayPal's own books, as its reporting API lists them; source: PayPal's API reference, "Transaction Search".

They show every authorization and capture of the last three years, at the latest three hours after its execution; so an
audit that should miss nothing leaves out what changed in the last three hours (``reconcile --settle-seconds 10800``).
They don't show orders that nobody approved or that we have not authorized, for nothing moved; nor how a payment stands
now, which is asked for each. Transactions that carry no id of ours belong to other business of the account.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from subgraphs.payments.domain.provider import ProviderRecord
from subgraphs.payments.infrastructure.paypal_api import Fields, PayPalApi
from subgraphs.payments.infrastructure.paypal_disputes import order_of_capture, written, written_after
from subgraphs.payments.infrastructure.paypal_errors import RETRIEVE, Missing
from subgraphs.payments.infrastructure.paypal_orders import PayPalOrder, order_of, record_of, segment

_LONGEST_RANGE = timedelta(days=31) - timedelta(milliseconds=1)  # each is asked for to the end of its last millisecond
_PAGE = 100
_AT_ONCE = 8
_AUTHORIZATION = "T1300"
_PAYMENTS = "T00"  # the group of codes of captures
_REFUNDS = ("T1106", "T1107")  # reversals by PayPal and refunds by us
_LATE = timedelta(hours=3, minutes=10)

Movement = tuple[str, str]
"""Where a movement of money is found: the path's kind and PayPal's id."""


async def records_since(api: PayPalApi, since: datetime) -> AsyncIterator[ProviderRecord]:
    """Every payment of ours that money was moved for since then, as it stands now, each once."""
    seen: set[str] = set()
    async for page in _pages(api, since, datetime.now(UTC)):
        moved = {our_id: movement for our_id, movement in _ours(page) if our_id not in seen}
        seen.update(moved)
        for chunk in _chunks(list(moved.values())):
            for order in await asyncio.gather(*(_order(api, movement) for movement in chunk)):
                if order is not None:
                    yield record_of(order)


async def refunds_between(api: PayPalApi, since: datetime, until: datetime) -> AsyncIterator[tuple[str, str]]:
    """Each refund of a capture in this time, or as long before as the books may be late,
    and the order that it is of.
    """
    async for page in _pages(api, since - _LATE, until):
        for transaction in (detail["transaction_info"] for detail in page):
            if transaction.get("transaction_event_code") not in _REFUNDS or not transaction.get("paypal_reference_id"):
                continue
            order = await order_of_capture(api, transaction["paypal_reference_id"])
            if order is not None:
                yield str(transaction["transaction_id"]), order


async def _pages(api: PayPalApi, since: datetime, until: datetime) -> AsyncIterator[Sequence[Fields]]:
    start = since
    while start < until:
        end = min(start + _LONGEST_RANGE, until)
        number, pages = 0, 1
        while number < pages:
            number += 1
            answer = await _page(api, start, end, number)
            pages = answer.get("total_pages", 0)
            yield answer.get("transaction_details", ())
        start = end


async def _page(api: PayPalApi, start: datetime, end: datetime, number: int) -> Fields:
    return await api.read(
        "records",
        "/v1/reporting/transactions",
        start_date=written(start),
        end_date=written_after(end),
        fields="transaction_info",
        balance_affecting_records_only="N",  # authorizations too
        page_size=str(_PAGE),
        page=str(number),
    )


def _ours(page: Sequence[Fields]) -> Iterator[tuple[str, Movement]]:
    """The first movement of each payment that has an id of ours."""
    for detail in page:
        transaction = detail["transaction_info"]
        code, our_id = transaction.get("transaction_event_code", ""), transaction.get("custom_field")
        if our_id and (code == _AUTHORIZATION or code.startswith(_PAYMENTS)):
            kind = "authorizations" if code == _AUTHORIZATION else "captures"
            yield our_id, (kind, transaction["transaction_id"])


async def _order(api: PayPalApi, movement: Movement) -> PayPalOrder | None:
    kind, reference = movement
    try:
        found = order_of(await api.read(RETRIEVE, f"/v2/payments/{kind}/{segment(reference)}"))
        return PayPalOrder(await api.read(RETRIEVE, f"/v2/checkout/orders/{segment(found)}")) if found else None
    except Missing:
        return None


def _chunks(movements: list[Movement]) -> Iterator[list[Movement]]:
    for start in range(0, len(movements), _AT_ONCE):
        yield movements[start : start + _AT_ONCE]
