"""The events that orders reads; the contracts are ``schema/events/{products,inventory,payments}.yaml``."""

from shared.events.handlers import EventHandler
from subgraphs.orders.commands.follow_backorders import BackorderChanged, follow_backorder
from subgraphs.orders.commands.follow_catalogue import (
    ProductSaved,
    ProductWithdrawn,
    StockChanged,
    follow_saved_product,
    follow_stock,
    follow_withdrawn_product,
)
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

_PRODUCTS = "products.product.v1"
_STOCK = "inventory.stock.v1"
_PAYMENTS = "payments.payment.v1"

HANDLERS = (
    EventHandler(_PRODUCTS, "mercato.products.ProductSaved", ProductSaved, follow_saved_product),
    EventHandler(_PRODUCTS, "mercato.products.ProductWithdrawn", ProductWithdrawn, follow_withdrawn_product),
    EventHandler(_STOCK, "mercato.inventory.StockChanged", StockChanged, follow_stock),
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
