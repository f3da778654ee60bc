"""The scalars of the supergraph. A subgraph binds those that its SDL declares.

``router/scalars.json`` says the same to the routers, which reject what is none of these before anything is executed.
"""

import re
from datetime import UTC, date, datetime
from typing import Any

from ariadne import ScalarType
from graphql import GraphQLError

_CURRENCY = re.compile(r"[A-Z]{3}")
# Exponents are left out: 1e999999 is short to write and long to reckon with.
_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?")
# Python reads more than other readers of ISO 8601 do, such as weeks.
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
# RFC 3339; what else Python reads, such as weeks, other readers don't. Nanoseconds are the most that anybody writes.
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
_MOMENT = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[Tt ]{_CLOCK}:[0-5][0-9](\.[0-9]{{1,9}})?(Z|[+-]{_CLOCK})")


def _serialize_datetime(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# A message says what is wanted and not what came: that may be anything, and goes to logs.
def _parse_datetime(value: Any) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise GraphQLError("write an RFC 3339 time such as '2026-11-22T18:00:00Z'")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise GraphQLError("write an RFC 3339 time such as '2026-11-22T18:00:00Z'") from error


def _parse_date(value: Any) -> date:
    try:
        if not _DAY.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise GraphQLError('write a day such as "2026-11-22"') from error


def _parse_decimal(value: Any) -> str:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise GraphQLError('write a string such as "19.90"')
    return value


def _parse_currency(value: Any) -> str:
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise GraphQLError('write three capitals such as "EUR"')
    return value


DATETIME = ScalarType("DateTime", serializer=_serialize_datetime, value_parser=_parse_datetime)
DECIMAL = ScalarType("Decimal", serializer=str, value_parser=_parse_decimal)
CURRENCY_CODE = ScalarType("CurrencyCode", serializer=str, value_parser=_parse_currency)
DATE = ScalarType("Date", serializer=date.isoformat, value_parser=_parse_date)
SCALARS = {scalar.name: scalar for scalar in (DATE, DATETIME, DECIMAL, CURRENCY_CODE)}
