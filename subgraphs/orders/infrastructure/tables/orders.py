"""Orders and what became of them."""

from typing import Any

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model


class Order(Model):
    """An order. Its lines and its total never change; its status does, by the table in ``domain/order.py``.

    ``captured_at`` is when its money was taken, ``refunded_minor`` how much of it was refunded.
    ``authorization_ended`` is why what was held for it can't be taken any more. Whoever changes an order together
    with its sagas locks the order's row first.

    ``customer_id`` is the account whose it is, ``guest_id`` the holder of its token, where it was placed without one: a
    hash. A guest's order may become an account's, and keeps its token.

    ``billing_address`` has the same fields as the columns of the shipping address, and is null where it is that one.

    ``comparable_email`` is the form in which ``email`` is compared; orders of before lack it, and for those it is
    ``email`` in small letters.

    ``cart_id`` is the cart that it holds: of two orders never the same one.
    An order that came to nothing lets go of it: ``reopened_cart_id`` is the cart that was opened again then,
    and may be gone, changed or ordered anew by now. ``attempt`` counts how often it was tried, from 1.
    """

    id = fields.UUIDField(primary_key=True)
    number = fields.CharField(max_length=11, unique=True)
    customer_id = fields.UUIDField(null=True)
    guest_id = fields.UUIDField(null=True)
    token_expires_at = fields.DatetimeField(null=True)
    cart_id = fields.UUIDField(unique=True, null=True)
    reopened_cart_id = fields.UUIDField(null=True)
    attempt = fields.IntField(db_default=1)
    status = fields.CharField(max_length=30)
    cancellation: Any = fields.JSONField(null=True)
    email = fields.TextField()
    comparable_email = fields.TextField(null=True)
    currency = fields.CharField(max_length=3)
    total_minor = fields.BigIntField()
    refunded_minor = fields.BigIntField(db_default=0)
    captured_at = fields.DatetimeField(null=True)
    authorization_ended = fields.TextField(null=True)
    recipient = fields.TextField()
    line1 = fields.TextField()
    line2 = fields.TextField(null=True)
    postal_code = fields.TextField(null=True)
    city = fields.TextField()
    country = fields.CharField(max_length=2)
    phone = fields.TextField(null=True)
    country_area = fields.TextField(null=True)
    company = fields.TextField(null=True)
    billing_address: Any = fields.JSONField(null=True)
    placed_at = fields.DatetimeField(db_default=Now())
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "orders"
        app = "orders"


class OrderLine(Model):
    """What was bought, frozen, but for ``waiting``: how many of its units inventory is still to get, as it told last.

    What it told carries a version; ``waiting_version`` is that of the last one, and what is not greater is old news.
    """

    id = fields.UUIDField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField("orders.Order", on_delete=fields.RESTRICT)
    position = fields.IntField()
    variant_id = fields.UUIDField()
    title = fields.TextField()
    sku = fields.TextField()
    quantity = fields.IntField()
    unit_price_minor = fields.BigIntField()
    waiting = fields.IntField(db_default=0)
    waiting_version = fields.BigIntField(db_default=0)

    class Meta:
        table = "order_lines"
        app = "orders"
        unique_together = (("order", "position"),)


class OrderStatusChange(Model):
    """A status transition of an order: who (``actor`` of the SDL, and the person's id) and why. Append-only."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField("orders.Order", on_delete=fields.RESTRICT)
    from_status = fields.CharField(max_length=30, null=True)
    to_status = fields.CharField(max_length=30)
    reason = fields.TextField()
    actor = fields.TextField()
    user_id = fields.UUIDField(null=True)
    changed_at = fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"))

    class Meta:
        table = "order_status_history"
        app = "orders"
