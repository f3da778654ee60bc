"""The scalar ``Date`` of inventory's SDL."""

from datetime import date
from typing import Any

from ariadne import ScalarType
from graphql import GraphQLError


def _parse(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise GraphQLError('write a day such as "2026-11-22"') from error


DATE = ScalarType("Date", serializer=date.isoformat, value_parser=_parse)
