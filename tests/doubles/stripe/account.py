"""The shop's account at the double: all objects, as the JSON that Stripe answers, and the events of their changes."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import orjson

from tests.doubles.ledger import Ledger
from tests.doubles.stripe.errors import invalid_parameter, no_such
from tests.doubles.stripe.parameters import Parameters
from tests.doubles.webhooks import Webhooks

Object = dict[str, Any]

API_VERSION = "2026-07-29.dahlia"  # of the webhook endpoint, which decides how events look
_INTENT_CHANGES = ("requires_action", "amount_capturable_updated", "succeeded", "canceled", "payment_failed")
SUBSCRIBED = (
    *(f"payment_intent.{change}" for change in _INTENT_CHANGES),
    "charge.refunded",
    "charge.dispute.*",
    "refund.*",
)

PREFIXES = {
    "payment_intent": "pi",
    "charge": "ch",
    "refund": "re",
    "customer": "cus",
    "payment_method": "pm",
    "dispute": "du",
    "balance_transaction": "txn",
    "event": "evt",
}
_KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}
_WITHOUT_MODE = ("refund", "balance_transaction")
_LONGEST_PAGE = 100
_RANGES: Mapping[str, Callable[[int, int], bool]] = {
    "gt": lambda created, bound: created > bound,
    "gte": lambda created, bound: created >= bound,
    "lt": lambda created, bound: created < bound,
    "lte": lambda created, bound: created <= bound,
}


class Account:
    """``request`` is what events name as their cause: id and idempotency key of the request at work."""

    def __init__(self, ledger: Ledger, webhooks: Webhooks) -> None:
        self.ledger = ledger
        self.request: dict[str, str | None] = {"id": None, "idempotency_key": None}
        self._webhooks = webhooks
        self._objects: dict[str, dict[str, Object]] = {kind: {} for kind in PREFIXES}

    def add(self, kind: str, **fields: Any) -> Object:
        """A new object with an id of its kind."""
        reference = f"{PREFIXES[kind]}_{secrets.token_hex(12)}"
        common = {"id": reference, "object": kind, "created": int(time.time())}
        mode = {} if kind in _WITHOUT_MODE else {"livemode": False}
        self._objects[kind][reference] = {**common, **mode, **fields}
        return self._objects[kind][reference]

    def get(self, kind: str, reference: str) -> Object:
        """An object that the request's path names."""
        return self.named(kind, reference, "intent" if kind == "payment_intent" else kind, 404)

    def named(self, kind: str, reference: str, param: str, status: int = 400) -> Object:
        """An object that a parameter names."""
        try:
            return self._objects[kind][reference]
        except KeyError:
            raise no_such(kind, reference, param, status) from None

    def all(self, kind: str) -> Iterator[Object]:
        """The newest first."""
        return reversed(self._objects[kind].values())

    def forget(self, kind: str, reference: str) -> None:
        del self._objects[kind][reference]

    def publish(self, event_type: str, changed: Object) -> None:
        """An event with the object as it is now."""
        snapshot = orjson.loads(orjson.dumps(changed))
        event = self.add(
            "event",
            api_version=API_VERSION,
            data={"object": snapshot},
            pending_webhooks=1,
            request={**self.request},
            type=event_type,
        )
        if any(fnmatchcase(event_type, pattern) for pattern in SUBSCRIBED):
            self._webhooks.send(event["id"], event_type, orjson.dumps(event))

    def page(self, kind: str, parameters: Parameters, *filters: str) -> Object:
        """A page of a list; see Stripe's "Pagination"."""
        limit = parameters.integer("limit") or 10
        if not 1 <= limit <= _LONGEST_PAGE:
            raise invalid_parameter(
                "limit", f"This value must be between 1 and {_LONGEST_PAGE}.", "parameter_invalid_integer"
            )
        after = parameters.text("starting_after")
        wanted = {name: value for name in filters if (value := parameters.text(name)) is not None}
        bounds = _bounds(parameters)
        parameters.finish()
        if after is not None:
            self.named(kind, after, "starting_after")
        matching = (each for each in self._behind(kind, after) if _matches(each, wanted, bounds))
        found = [each for _, each in zip(range(limit + 1), matching, strict=False)]
        return {"object": "list", "url": f"/v1/{kind}s", "has_more": len(found) > limit, "data": found[:limit]}

    def expanded(self, fields: Object, paths: tuple[str, ...]) -> Object:
        """A copy in which the named references are the objects themselves; see Stripe's "Expanding responses"."""
        for path in paths:
            fields = self._expanded(fields, *path.split("."))
        return fields

    def _expanded(self, fields: Object, first: str, *rest: str) -> Object:
        value = fields.get(first)
        if first == "data" and isinstance(value, list):
            return {**fields, "data": [self._expanded(each, *rest) for each in value]}
        if value is None and first in fields:
            return fields
        kind = _KINDS.get(value.partition("_")[0]) if isinstance(value, str) else None
        if isinstance(value, str) and kind is not None:
            value = self._objects[kind][value]
        if not isinstance(value, dict):
            raise invalid_parameter("expand", f"This property cannot be expanded ({first}).", "parameter_invalid")
        return {**fields, first: self._expanded(value, *rest) if rest else value}

    def _behind(self, kind: str, after: str | None) -> Iterator[Object]:
        objects = self.all(kind)
        if after is not None:
            for each in objects:
                if each["id"] == after:
                    break
        return objects


def _bounds(parameters: Parameters) -> list[tuple[Callable[[int, int], bool], int]]:
    return [(_RANGES[name], int(bound)) for name, bound in parameters.tree("created").items()]


def _matches(each: Object, wanted: Mapping[str, str], bounds: list[tuple[Callable[[int, int], bool], int]]) -> bool:
    return all(each.get(name) == value for name, value in wanted.items()) and all(
        holds(each["created"], bound) for holds, bound in bounds
    )
