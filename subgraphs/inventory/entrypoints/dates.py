"""The scalar ``Date`` of inventory's SDL; ``router/scalars.json`` says the same to the routers."""

import re
from datetime import date
from typing import Any

from ariadne import ScalarType
from graphql import GraphQLError

# Python reads more than other readers of ISO 8601 do, such as weeks.
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _parse(value: Any) -> date:
    try:
        if not _DAY.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise GraphQLError('write a day such as "2026-11-22"') from error


DATE = ScalarType("Date", serializer=date.isoformat, value_parser=_parse)
