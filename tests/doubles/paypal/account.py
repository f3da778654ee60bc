"""The shop's account at the double.

Everything in it is the JSON that PayPal answers, with the events of its changes and the books.
"""

import secrets
import string
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from tests.doubles.ledger import Kind, Ledger
from tests.doubles.paypal.errors import not_found
from tests.doubles.webhooks import Webhooks

Object = dict[str, Any]

_SIGNS = string.ascii_uppercase + string.digits
_ID_LENGTH = 17


class Account:
    """``transactions`` are what the reporting API lists, oldest first; links begin with ``base``.

    ``disputed`` are captures whose disputes are open; ``lost`` is what banks took of captures for good.
    """

    def __init__(self, base: str, ledger: Ledger, webhooks: Webhooks) -> None:
        self.base = base
        self.ledger = ledger
        self.transactions: list[Object] = []
        self.disputed: set[str] = set()
        self.lost: dict[str, int] = {}
        self._webhooks = webhooks
        self._objects: dict[str, dict[str, Object]] = {}

    def add(self, kind: str, **fields: Any) -> Object:
        """A new object with an id, and its times."""
        created = now()
        added = {"id": new_id(), **fields, "create_time": created, "update_time": created}
        self._objects.setdefault(kind, {})[added["id"]] = added
        return added

    def get(self, kind: str, reference: str) -> Object:
        """An object that the request's path names."""
        try:
            return self._objects[kind][reference]
        except KeyError:
            raise not_found() from None

    def all(self, kind: str) -> Iterator[Object]:
        """The latest first."""
        return reversed(self._objects.get(kind, {}).values())

    def forget(self, kind: str, reference: str) -> None:
        del self._objects[kind][reference]

    def note(self, kind: Kind, order: Object, reference: str, minor: int) -> None:
        """A movement in the double's own books."""
        self.ledger.add(kind, order["id"], reference, minor, order["purchase_units"][0]["amount"]["currency_code"])

    def report(self, code: str, movement: Object, base: str, amount: Mapping[str, str]) -> None:
        """A transaction in PayPal's reporting."""
        moment = now()
        transaction = {
            "transaction_id": movement["id"],
            "paypal_reference_id": base,
            "paypal_reference_id_type": "TXN",
            "transaction_event_code": code,
            "transaction_initiation_date": moment,
            "transaction_updated_date": moment,
            "transaction_amount": amount,
            "transaction_status": "S",
        }
        ours = {"custom_field": movement.get("custom_id"), "invoice_id": movement.get("invoice_id")}
        self.transactions.append({**transaction, **{name: value for name, value in ours.items() if value}})

    def publish(self, event_type: str, resource_type: str, resource: Object) -> None:
        """An event with the resource as it is now."""
        event = {
            "id": f"WH-{new_id()}-{new_id()}",
            "event_version": "1.0",
            "create_time": now(),
            "resource_type": resource_type,
            "resource_version": "2.0",
            "event_type": event_type,
            "summary": f"{event_type} of {resource_type}",
            "resource": resource,
            "links": [],
        }
        self._webhooks.send(str(event["id"]), event_type, orjson.dumps(event))

    def link(self, path: str, rel: str, method: str = "GET") -> Object:
        return {"href": f"{self.base}{path}", "rel": rel, "method": method}


def new_id() -> str:
    """17 capitals and digits, as PayPal's ids are."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_ID_LENGTH))


def now() -> str:
    return moment(datetime.now(UTC))


def moment(at: datetime) -> str:
    """A time as PayPal writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
