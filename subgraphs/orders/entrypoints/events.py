"""The events that orders reads of its orders; the contracts are ``schema/events/{inventory,payments}.yaml``."""

from shared.events.handlers import EventHandler
from subgraphs.orders.commands.follow_backorders import BackorderChanged, follow_backorder
from subgraphs.orders.commands.follow_disputes import (
    PaymentDisputeClosed,
    PaymentDisputed,
    follow_decision,
    follow_dispute,
    follow_due_time,
)
from subgraphs.orders.commands.follow_failed_refunds import PaymentRefundFailed, follow_failed_refund
from subgraphs.orders.commands.follow_holds import PaymentCaptured, follow_capture, follow_void
from subgraphs.orders.commands.follow_payments import PaymentChanged, PaymentRefunded, follow_payment, follow_refund

_STOCK = "inventory.stock.v1"
_PAYMENTS = "payments.payment.v1"

HANDLERS = (
    EventHandler(_STOCK, "mercato.inventory.BackorderChanged", BackorderChanged, follow_backorder),
    EventHandler(_PAYMENTS, "mercato.payments.PaymentAuthorized", PaymentChanged, follow_payment),
    EventHandler(_PAYMENTS, "mercato.payments.PaymentDeclined", PaymentChanged, follow_payment),
    EventHandler(_PAYMENTS, "mercato.payments.PaymentVoided", PaymentChanged, follow_void),
    EventHandler(_PAYMENTS, "mercato.payments.PaymentCaptured", PaymentCaptured, follow_capture),
    EventHandler(_PAYMENTS, "mercato.payments.PaymentRefunded", PaymentRefunded, follow_refund),
    EventHandler(_PAYMENTS, "mercato.payments.PaymentRefundFailed", PaymentRefundFailed, follow_failed_refund),
    EventHandler(_PAYMENTS, "mercato.payments.PaymentDisputed", PaymentDisputed, follow_dispute),
    EventHandler(_PAYMENTS, "mercato.payments.PaymentDisputeChanged", PaymentDisputed, follow_due_time),
    EventHandler(_PAYMENTS, "mercato.payments.PaymentDisputeClosed", PaymentDisputeClosed, follow_decision),
)
