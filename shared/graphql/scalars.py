"""The scalars of the supergraph. A subgraph binds those that its SDL declares."""

import re
from datetime import UTC, datetime
from typing import Any

from ariadne import ScalarType
from graphql import GraphQLError

_CURRENCY = re.compile(r"[A-Z]{3}")
# Exponents are left out: 1e999999 is short to write and long to reckon with.
_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?")
_TIME_CHARACTERS = 64


def _serialize_datetime(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# A message says what is wanted and not what came: that may be anything, and goes to logs.
def _parse_datetime(value: Any) -> datetime:
    if not isinstance(value, str) or len(value) > _TIME_CHARACTERS:
        raise GraphQLError("write a string such as '2026-11-22T18:00:00Z'")
    try:
        parsed = datetime.fromisoformat(value)
        if parsed.tzinfo is None:
            raise GraphQLError("it needs a time zone, such as the Z of '2026-11-22T18:00:00Z'")
        return parsed.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise GraphQLError("write an RFC 3339 time such as '2026-11-22T18:00:00Z'") from error


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
SCALARS = {scalar.name: scalar for scalar in (DATETIME, DECIMAL, CURRENCY_CODE)}
