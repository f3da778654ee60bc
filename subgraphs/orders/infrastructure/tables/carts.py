"""Carts."""

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model

from subgraphs.orders.infrastructure.tables.catalogue import Variant


class Cart(Model):
    """A cart; without an owner it is anybody's who knows its id. Whoever changes a cart locks its row first.

    ``expires_at`` is when it is removed unless it is ordered; every change puts it off. The default is for carts that
    were there before the column.
    """

    id = fields.UUIDField(primary_key=True)
    owner_id = fields.UUIDField(null=True)
    ordered_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(db_default=Now())
    expires_at = fields.DatetimeField(db_default=SqlDefault("now() + interval '30 days'"))

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
