"""Orders' tables.

CHECKs, triggers and partial indexes stand in the migrations: Tortoise leaves those of a model out of CREATE TABLE.
"""

from typing import Any

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model


class KnownProduct(Model):
    """How far a product's events were applied: an event with a version not greater is old news."""

    id = fields.UUIDField(primary_key=True)
    version = fields.BigIntField()

    class Meta:
        table = "known_products"
        app = "orders"


class Variant(Model):
    """A variant as the products events tell of it. It is never deleted: carts go on naming what is no longer sold."""

    id = fields.UUIDField(primary_key=True)
    product_id = fields.UUIDField(db_index=True)
    sku = fields.TextField()
    title = fields.TextField()
    price_minor = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    is_sold = fields.BooleanField()

    class Meta:
        table = "variants"
        app = "orders"


class KnownStock(Model):
    """How many pieces of a variant can be bought, as the inventory events tell. It may be known before the variant is."""

    variant_id = fields.UUIDField(primary_key=True)
    version = fields.BigIntField()
    available = fields.IntField()

    class Meta:
        table = "known_stock"
        app = "orders"


class Cart(Model):
    """A cart; without an owner it is anybody's who knows its id. Whoever changes a cart locks its row first."""

    id = fields.UUIDField(primary_key=True)
    owner_id = fields.UUIDField(null=True)
    ordered_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "carts"
        app = "orders"


class CartLine(Model):
    """A variant in a cart, with the price that the buyer has seen."""

    id = fields.UUIDField(primary_key=True)
    cart: fields.ForeignKeyRelation[Cart] = fields.ForeignKeyField("orders.Cart", on_delete=fields.CASCADE)
    variant: fields.ForeignKeyRelation[Variant] = fields.ForeignKeyField("orders.Variant", on_delete=fields.RESTRICT)
    quantity = fields.IntField()
    seen_price_minor = fields.BigIntField()
    seen_currency = fields.CharField(max_length=3)

    class Meta:
        table = "cart_lines"
        app = "orders"
        unique_together = (("cart", "variant"),)


class Order(Model):
    """An order. Its lines and its total never change; its status does, by the table in ``domain/order.py``."""

    id = fields.UUIDField(primary_key=True)
    number = fields.CharField(max_length=11, unique=True)
    customer_id = fields.UUIDField()
    cart_id = fields.UUIDField(unique=True)
    status = fields.CharField(max_length=30)
    cancellation: Any = fields.JSONField(null=True)
    email = fields.TextField()
    currency = fields.CharField(max_length=3)
    total_minor = fields.BigIntField()
    recipient = fields.TextField()
    line1 = fields.TextField()
    line2 = fields.TextField(null=True)
    postal_code = fields.TextField(null=True)
    city = fields.TextField()
    country = fields.CharField(max_length=2)
    phone = fields.TextField(null=True)
    placed_at = fields.DatetimeField(db_default=Now())
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "orders"
        app = "orders"


class OrderLine(Model):
    """What was bought, frozen."""

    id = fields.UUIDField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField("orders.Order", on_delete=fields.RESTRICT)
    position = fields.IntField()
    variant_id = fields.UUIDField()
    title = fields.TextField()
    sku = fields.TextField()
    quantity = fields.IntField()
    unit_price_minor = fields.BigIntField()

    class Meta:
        table = "order_lines"
        app = "orders"
        unique_together = (("order", "position"),)


class OrderStatusChange(Model):
    """A move of an order from one status to the next: who and why. Append-only."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField("orders.Order", on_delete=fields.RESTRICT)
    from_status = fields.CharField(max_length=30, null=True)
    to_status = fields.CharField(max_length=30)
    reason = fields.TextField()
    actor = fields.TextField()
    changed_at = fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"))

    class Meta:
        table = "order_status_history"
        app = "orders"


class Fulfilment(Model):
    """The saga of one order.

    ``step`` is what is being tried. ``due_at`` is when a worker may take it up: at the end of a pause, or of another worker's lease
    while ``leased_by`` names one; null when nothing is left to do. ``fence`` grows whenever a worker takes it up, and a worker's
    writes count only while it is the one that the worker knows. ``cancellation`` is why it is being undone.
    """

    order_id = fields.UUIDField(primary_key=True)
    step = fields.CharField(max_length=20)
    attempts = fields.IntField(db_default=0)
    fence = fields.BigIntField(db_default=0)
    due_at = fields.DatetimeField(null=True, db_default=Now())
    leased_by = fields.TextField(null=True)
    deadline_at = fields.DatetimeField()
    payment_method_id = fields.TextField()
    cancellation: Any = fields.JSONField(null=True)
    last_error = fields.TextField(null=True)
    trace = fields.TextField()
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "fulfilments"
        app = "orders"
