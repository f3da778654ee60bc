"""Payment intents; source: Stripe's API reference, "PaymentIntents", and its guide "The Payment Intents API"."""

import secrets
import time

from tests.doubles.stripe import currencies
from tests.doubles.stripe.account import Account, Object
from tests.doubles.stripe.cards import Decline
from tests.doubles.stripe.errors import StripeError, card_error, invalid_parameter, missing_parameter
from tests.doubles.stripe.methods import Methods
from tests.doubles.stripe.money import Till
from tests.doubles.stripe.parameters import Parameters
from tests.doubles.stripe.refunds import Disputes

_SMALLEST_AMOUNT = 50
_CANCELABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action", "processing")
_CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
_REASONS = ("abandoned", "duplicate", "fraudulent", "requested_by_customer")
_AUTHENTICATION_REQUIRED = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
_AUTHENTICATION_FAILED = {
    "type": "invalid_request_error",
    "code": "payment_intent_authentication_failure",
    "message": (
        "The provided PaymentMethod has failed authentication."
        " You can provide payment_method_data or a new PaymentMethod to"
        " attempt to fulfill this PaymentIntent again."
    ),
}


class Intents:
    """What shops pay with."""

    def __init__(self, account: Account, methods: Methods, till: Till, disputes: Disputes) -> None:
        self._account = account
        self._disputes = disputes
        self._methods = methods
        self._till = till

    def create(self, parameters: Parameters) -> Object:
        intent = self._new(parameters)
        must_confirm = parameters.flag("confirm")
        options = _ConfirmationOptions(parameters)
        parameters.finish()
        _require_amount(intent)
        if intent["customer"]:
            self._account.named("customer", intent["customer"], "customer")
        if intent["payment_method"]:
            method = self._methods.usable(intent["payment_method"], intent["customer"])
            intent |= {"payment_method": method["id"], "status": "requires_confirmation"}
        intent = self._account.add("payment_intent", **intent)
        intent["client_secret"] = f"{intent['id']}_secret_{secrets.token_hex(12)}"
        ours = {name: value for name, value in intent["metadata"].items() if name in ("payment_id", "order_id")}
        self._account.ledger.open(intent["id"], ours)
        self._account.publish("payment_intent.created", intent)
        return self._confirmed(intent, options) if must_confirm else intent

    def retrieve(self, parameters: Parameters, reference: str) -> Object:
        parameters.ignore("client_secret")
        parameters.finish()
        return self._account.get("payment_intent", reference)

    def page(self, parameters: Parameters) -> Object:
        return self._account.page("payment_intent", parameters, "customer")

    def confirm(self, parameters: Parameters, reference: str) -> Object:
        intent = self._account.get("payment_intent", reference)
        method = parameters.text("payment_method")
        options = _ConfirmationOptions(parameters)
        parameters.finish()
        _require(intent, "confirmed", _CONFIRMABLE)
        if method is not None:
            intent["payment_method"] = self._methods.usable(method, intent["customer"])["id"]
        return self._confirmed(intent, options)

    def capture(self, parameters: Parameters, reference: str) -> Object:
        intent = self._account.get("payment_intent", reference)
        amount = parameters.amount("amount_to_capture") or intent["amount_capturable"]
        intent["metadata"] |= parameters.tree("metadata")
        parameters.finish()
        _require(intent, "captured", ("requires_capture",))
        if amount > intent["amount_capturable"]:
            message = "The amount to capture is greater than the remaining amount on the PaymentIntent."
            raise StripeError(400, message=message, code="amount_too_large", param="amount_to_capture")
        self._captured(intent, amount)
        return intent

    def cancel(self, parameters: Parameters, reference: str) -> Object:
        intent = self._account.get("payment_intent", reference)
        reason = parameters.text("cancellation_reason")
        parameters.finish()
        if reason is not None and reason not in _REASONS:
            raise invalid_parameter(
                "cancellation_reason", f"Invalid cancellation_reason: must be one of {', '.join(_REASONS)}"
            )
        _require(intent, "canceled", _CANCELABLE)
        return self._canceled(intent, reason)

    def expire(self, reference: str) -> Object:
        """The bank lets a hold lapse."""
        return self._canceled(self._account.get("payment_intent", reference), "automatic")

    def authenticate(self, reference: str, succeeds: bool) -> Object:
        """What the buyer's browser does with the client secret."""
        intent = self._account.get("payment_intent", reference)
        _require(intent, "authenticated", ("requires_action",))
        intent["next_action"] = None
        if succeeds:
            try:
                return self._charged(intent)
            except StripeError:  # the bank declines after all: the browser shows it, a webhook tells the shop
                return intent
        error = {
            **_AUTHENTICATION_FAILED,
            "payment_method": self._account.get("payment_method", intent["payment_method"]),
        }
        return self._failed(intent, error)

    def _new(self, parameters: Parameters) -> Object:
        parameters.ignore(
            "automatic_payment_methods", "payment_method_options", "shipping", "statement_descriptor_suffix"
        )
        return {
            "amount": _amount(parameters),
            "amount_capturable": 0,
            "amount_received": 0,
            "canceled_at": None,
            "cancellation_reason": None,
            "capture_method": parameters.choice("capture_method", "automatic_async", "automatic", "manual"),
            "client_secret": None,
            "confirmation_method": "automatic",
            "currency": currencies.known(parameters.required("currency")),
            "customer": parameters.text("customer"),
            "description": parameters.text("description"),
            "last_payment_error": None,
            "latest_charge": None,
            "metadata": parameters.tree("metadata"),
            "next_action": None,
            "payment_method": parameters.text("payment_method"),
            "payment_method_types": parameters.texts("payment_method_types") or ["card"],
            "processing": None,
            "receipt_email": parameters.text("receipt_email"),
            "setup_future_usage": parameters.text("setup_future_usage"),
            "status": "requires_payment_method",
        }

    def _confirmed(self, intent: Object, options: "_ConfirmationOptions") -> Object:
        if intent["payment_method"] is None:
            message = "You cannot confirm this PaymentIntent because it's missing a payment method."
            raise StripeError(400, message=message, code="payment_intent_unexpected_state", payment_intent=intent)
        card = self._methods.use(intent["payment_method"])
        if not card.wants_authentication:
            return self._charged(intent)
        if options.is_buyer_away:
            raise self._declined(intent, _AUTHENTICATION_REQUIRED)
        intent |= {"status": "requires_action", "next_action": options.next_action(intent["id"])}
        self._account.publish("payment_intent.requires_action", intent)
        return intent

    def _charged(self, intent: Object) -> Object:
        card = self._methods.use(intent["payment_method"])
        if card.decline is not None:
            raise self._declined(intent, card.decline)
        charge = self._till.authorize(intent)
        amount = intent["amount"]
        intent |= {"latest_charge": charge["id"], "last_payment_error": None, "next_action": None}
        intent |= {"status": "requires_capture", "amount_capturable": amount}
        if intent["capture_method"] == "manual":
            self._account.publish("payment_intent.amount_capturable_updated", intent)
        else:
            self._captured(intent, amount)
        return intent

    def _captured(self, intent: Object, amount: int) -> None:
        charge = self._account.get("charge", intent["latest_charge"])
        self._till.capture(charge, amount)
        intent |= {"status": "succeeded", "amount_capturable": 0, "amount_received": amount}
        self._account.publish("charge.captured", charge)
        self._account.publish("payment_intent.succeeded", intent)
        if self._methods.card(intent["payment_method"]).is_disputed:
            self._disputes.open(intent["id"], None, "fraudulent")

    def _canceled(self, intent: Object, reason: str | None) -> Object:
        if intent["status"] == "requires_capture":
            self._till.release(self._account.get("charge", intent["latest_charge"]))
        intent |= {"status": "canceled", "amount_capturable": 0, "next_action": None}
        intent |= {"canceled_at": int(time.time()), "cancellation_reason": reason}
        self._account.publish("payment_intent.canceled", intent)
        return intent

    def _declined(self, intent: Object, decline: Decline) -> StripeError:
        charge = self._till.decline(intent, decline.code, decline.message)
        intent["latest_charge"] = charge["id"]
        method = self._account.get("payment_method", intent["payment_method"])
        error = card_error(decline, charge=charge["id"], payment_method=method)
        error.fields["payment_intent"] = self._failed(intent, {**error.fields})
        return error

    def _failed(self, intent: Object, error: Object) -> Object:
        intent |= {
            "status": "requires_payment_method",
            "payment_method": None,
            "next_action": None,
            "last_payment_error": error,
        }
        self._account.publish("payment_intent.payment_failed", intent)
        return intent


class _ConfirmationOptions:
    """What confirming can be told."""

    def __init__(self, parameters: Parameters) -> None:
        is_off_session, fails_on_action = parameters.flag("off_session"), parameters.flag("error_on_requires_action")
        self.is_buyer_away = is_off_session or fails_on_action
        self._return_url = parameters.text("return_url")
        parameters.ignore("use_stripe_sdk", "mandate_data")

    def next_action(self, reference: str) -> Object:
        if self._return_url is None:
            return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": ""}}
        url = f"https://hooks.stripe.com/3d_secure_2/hosted?payment_intent={reference}"
        return {"type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": self._return_url}}


def _amount(parameters: Parameters) -> int:
    amount = parameters.amount("amount")
    if amount is None:
        raise missing_parameter("amount")
    return amount


def _require_amount(intent: Object) -> None:
    currencies.require_step(intent["amount"], intent["currency"])
    if intent["amount"] < _SMALLEST_AMOUNT:
        message = f"Amount must be at least {_SMALLEST_AMOUNT} in the smallest unit of {intent['currency']}."
        raise StripeError(400, message=message, code="amount_too_small", param="amount")


def _require(intent: Object, step: str, statuses: tuple[str, ...]) -> None:
    if intent["status"] not in statuses:
        message = (
            f"This PaymentIntent could not be {step} because it has a status of {intent['status']}."
            " Only a PaymentIntent with one"
            f" of the following statuses may be {step}: {', '.join(statuses)}."
        )
        raise StripeError(400, message=message, code="payment_intent_unexpected_state", payment_intent=intent)
