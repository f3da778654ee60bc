"""The list of transactions; source: PayPal's API reference, "Transaction Search".

It comes without PayPal's delay of up to three hours.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tests.doubles.paypal.account import Account, Object, now
from tests.doubles.paypal.errors import PayPalError

_LONGEST_RANGE = timedelta(days=31)
_LARGEST_PAGE = 500
_NO_BALANCE = ("T1300",)


def transactions(account: Account, query: Mapping[str, str]) -> Object:
    """One page of what was begun in a range of time."""
    start, end = _time(query, "start_date"), _time(query, "end_date")
    if end - start > _LONGEST_RANGE:
        raise PayPalError(400, "Date range is greater than 31 days", "end_date")
    size, page = _number(query, "page_size", 100, _LARGEST_PAGE), _number(query, "page", 1, 2**31 - 1)
    found = [each for each in account.transactions if start <= _moment(each) <= end and _is_wanted(each, query)]
    shown = found[(page - 1) * size : page * size]
    return {
        "transaction_details": [{"transaction_info": each} for each in shown],
        "account_number": "XZXSPECPDZHZU",
        "last_refreshed_datetime": now(),
        "page": page,
        "total_items": len(found),
        "total_pages": -(-len(found) // size),
        "links": [],
    }


def _is_wanted(transaction: Object, query: Mapping[str, str]) -> bool:
    return (
        query.get("balance_affecting_records_only", "Y") == "N"
        or transaction["transaction_event_code"] not in _NO_BALANCE
    )


def _moment(transaction: Object) -> datetime:
    return datetime.fromisoformat(transaction["transaction_initiation_date"])


def _time(query: Mapping[str, str], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(query.get(name, ""))
    except ValueError:
        raise PayPalError(400, f"Invalid {name}", name) from None
    if moment.tzinfo is None:
        raise PayPalError(400, f"{name} has no time zone", name)
    return moment


def _number(query: Mapping[str, str], name: str, usual: int, largest: int) -> int:
    text = query.get(name, str(usual))
    if not text.isdecimal() or not 1 <= int(text) <= largest:
        raise PayPalError(400, f"{name} is out of range", name)
    return int(text)
