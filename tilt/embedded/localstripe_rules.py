"""What Stripe does and localstripe does not.

Idempotency keys, rejecting what captures or refunds more than there is, more lists.

The latest keys are saved with the objects, so that a request which is repeated after a restart is the same one. Source:
Stripe's API reference, "Idempotent requests".
"""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from localstripe.errors import UserError
from localstripe.resources import Charge, List, PaymentMethod, Refund, store

_KEPT_KEYS = 10_000
# Each holds a whole answer, and all are written at each save: those that somebody may still wait for.
_SAVED_KEYS = 1_000
_REFUNDS = "/v1/refunds"
_DISPUTES = "/v1/disputes"
_CAPTURE = re.compile(r"/v1/payment_intents/(\w+)/capture")
_NOT_KEPT = (401, 409)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class _Kept:
    """The first request with a key, and its answer once there is one."""

    request: tuple[str, bytes]
    status: int = 0
    body: bytes = b""


class IdempotencyKeys:
    """Answers a repeated POST as it was answered first.

    Outside all other middlewares, so that it sees their errors too.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def finished(self) -> dict[str, _Kept]:
        """The latest keys that have an answer, to be saved."""
        latest = list(self._kept.items())[-_SAVED_KEYS:]
        return {key: kept for key, kept in latest if kept.status}

    def restore(self, finished: dict[str, _Kept]) -> None:
        """Knows again what was saved."""
        self._kept.update(finished)

    def middleware(self) -> Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]:
        """For aiohttp."""

        @web.middleware
        async def answer_once(request: web.Request, handler: Handler) -> web.StreamResponse:
            key = request.headers.get("Idempotency-Key")
            if request.method != "POST" or key is None:
                return await handler(request)
            sent = (request.path, await request.read())
            if (kept := self._kept.get(key)) is not None:
                return _replayed(key, kept, sent)
            return await self._first(key, _Kept(sent), request, handler)

        return answer_once

    async def _first(self, key: str, kept: _Kept, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._kept[key] = kept
        if len(self._kept) > _KEPT_KEYS:
            self._kept.popitem(last=False)
        try:
            answer = await handler(request)
        except BaseException:
            self._kept.pop(key, None)
            raise
        if not isinstance(answer, web.Response) or answer.status in _NOT_KEPT:
            self._kept.pop(key, None)
        else:
            kept.status, kept.body = (
                answer.status,
                bytes(answer.body) if isinstance(answer.body, bytes | bytearray) else b"",
            )
        return answer


def _replayed(key: str, kept: _Kept, sent: tuple[str, bytes]) -> web.Response:
    if kept.request != sent:
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with."
            f" Try using a key other than '{key}' if you meant to execute a different request."
        )
        return web.json_response({"error": {"type": "idempotency_error", "message": message}}, status=400)
    if not kept.status:
        message = f"There is currently another in-progress request using this Idempotent Key: {key}."
        error = {"type": "invalid_request_error", "code": "idempotency_key_in_use", "message": message}
        return web.json_response({"error": error}, status=409)
    headers = {"Idempotent-Replayed": "true"}
    return web.Response(body=kept.body, status=kept.status, headers=headers, content_type="application/json")


@web.middleware
async def refuse_captures_of_nothing(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only what is held can be captured; localstripe captures cancelled intents too."""
    capture = _CAPTURE.fullmatch(request.path)
    intent = store.get(f"payment_intent:{capture[1]}") if capture else None
    if intent is not None and intent.status != "requires_capture":
        message = (
            f"This PaymentIntent could not be captured because it has a status of {intent.status}."
            " Only a PaymentIntent with one of the following statuses may be captured: requires_capture."
        )
        raise UserError(400, message, {"code": "payment_intent_unexpected_state"})
    return await handler(request)


@web.middleware
async def refuse_refunds_of_nothing(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only what was taken can be given back; localstripe gives back any amount, of held money too."""
    if request.method == "POST" and request.path == _REFUNDS:
        form = {name: str(value) for name, value in (await request.post()).items()}
        intent = store.get("payment_intent:" + form.get("payment_intent", ""))
        charge = intent.latest_charge if intent else store.get("charge:" + form.get("charge", ""))
        if charge is not None:
            _require_refundable(charge, int(form.get("amount", charge.amount - charge.amount_refunded)))
    return await handler(request)


@web.middleware
async def list_no_disputes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """No bank takes money back here; Stripe says so with an empty list."""
    if (request.method, request.path) == ("GET", _DISPUTES):
        return web.json_response({"object": "list", "url": _DISPUTES, "has_more": False, "data": []})
    return await handler(request)


def list_refunds_of_a_time() -> None:
    """Lists the refunds that were created in a range of time, too."""
    list_all: Any = Refund._api_list_all

    def list_some(cls: type[Refund], /, url: str, created: Any = None, **filters: Any) -> List:
        page: List = list_all(url, **filters)
        first, last = int((created or {}).get("gte", 0)), float((created or {}).get("lte", "inf"))
        page._list = [each for each in page._list if first <= each.created <= last]
        return page

    Refund._api_list_all = classmethod(list_some)


def renew_cards() -> None:
    """Changes when a card expires and leaves the rest of it as it is."""

    def renew(self: PaymentMethod, card: dict[str, Any] | None = None, **others: Any) -> None:
        super(PaymentMethod, self)._update(**others)
        expiry = {name: int(value) for name, value in (card or {}).items() if name in ("exp_month", "exp_year")}
        self.card = {**self.card, **expiry}

    PaymentMethod._update = renew


def _require_refundable(charge: Charge, amount: int) -> None:
    if not charge.captured:
        message = "This PaymentIntent does not have a successful charge to refund."
        raise UserError(400, message, {"code": "payment_intent_unexpected_state"})
    left = charge.amount - charge.amount_refunded
    if left == 0:
        raise UserError(400, f"Charge {charge.id} has already been refunded.", {"code": "charge_already_refunded"})
    if amount > left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise UserError(400, message, {"param": "amount"})
