"""The scalars of the supergraph. A subgraph binds those that its SDL declares."""

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ariadne import ScalarType
from graphql import GraphQLError

_CURRENCY = re.compile(r"^[A-Z]{3}$")


def _serialize_datetime(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _parse_datetime(value: Any) -> datetime:
    try:
        parsed = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise GraphQLError(f"DateTime cannot represent {str(value)[:40]!r}: it is no RFC 3339 time.") from error
    if parsed.tzinfo is None:
        raise GraphQLError("DateTime needs a time zone, such as the Z of '2026-11-22T18:00:00Z'.")
    return parsed.astimezone(UTC)


def _parse_decimal(value: Any) -> str:
    try:
        finite = isinstance(value, str) and Decimal(value).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise GraphQLError(f'Decimal cannot represent {str(value)[:40]!r}: write a string such as "19.90".')
    text: str = value
    return text


def _parse_currency(value: Any) -> str:
    if not isinstance(value, str) or not _CURRENCY.match(value):
        raise GraphQLError(f'CurrencyCode cannot represent {str(value)[:40]!r}: write three capitals such as "EUR".')
    return value


DATETIME = ScalarType("DateTime", serializer=_serialize_datetime, value_parser=_parse_datetime)
DECIMAL = ScalarType("Decimal", serializer=str, value_parser=_parse_decimal)
CURRENCY_CODE = ScalarType("CurrencyCode", serializer=str, value_parser=_parse_currency)
SCALARS = {scalar.name: scalar for scalar in (DATETIME, DECIMAL, CURRENCY_CODE)}
