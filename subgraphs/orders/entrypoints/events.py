"""The events that orders reads; the contracts are ``schema/events/products.yaml`` and ``schema/events/inventory.yaml``."""

from shared.events.handlers import EventHandler
from subgraphs.orders.commands.follow_catalogue import (
    ProductSaved,
    ProductWithdrawn,
    StockChanged,
    follow_saved_product,
    follow_stock,
    follow_withdrawn_product,
)

_PRODUCTS = "products.product.v1"
_STOCK = "inventory.stock.v1"

HANDLERS = (
    EventHandler(_PRODUCTS, "mercato.products.ProductSaved", ProductSaved, follow_saved_product),
    EventHandler(_PRODUCTS, "mercato.products.ProductWithdrawn", ProductWithdrawn, follow_withdrawn_product),
    EventHandler(_STOCK, "mercato.inventory.StockChanged", StockChanged, follow_stock),
)
