"""Orders' tables.

CHECKs, triggers and partial indexes stand in the migrations: Tortoise leaves those of a model out of CREATE TABLE.
"""

from subgraphs.orders.infrastructure.tables.carts import Cart, CartLine
from subgraphs.orders.infrastructure.tables.catalogue import KnownProduct, KnownStock, Variant
from subgraphs.orders.infrastructure.tables.disputes import Dispute
from subgraphs.orders.infrastructure.tables.orders import Order, OrderLine, OrderStatusChange
from subgraphs.orders.infrastructure.tables.refunds import Refund, RefundLine
from subgraphs.orders.infrastructure.tables.sagas import Saga
from subgraphs.orders.infrastructure.tables.shipments import Shipment, ShipmentLine

__all__ = [
    "Cart",
    "CartLine",
    "Dispute",
    "KnownProduct",
    "KnownStock",
    "Order",
    "OrderLine",
    "OrderStatusChange",
    "Refund",
    "RefundLine",
    "Saga",
    "Shipment",
    "ShipmentLine",
    "Variant",
]
