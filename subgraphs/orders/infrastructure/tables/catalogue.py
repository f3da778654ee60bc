"""What orders knows of products and stock."""

from tortoise import fields
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
    """How many units of a variant can be bought, as the inventory events tell. It may be known before the variant is.

    With ``is_backorder_allowed`` more can be ordered than there are: ``backorder_remaining`` more,
    any number where that is null. They follow at ``backorder_available_from``, if that is known.
    ``expected_from`` is the day for orders that wait, even when no more can be ordered.
    """

    variant_id = fields.UUIDField(primary_key=True)
    version = fields.BigIntField()
    available = fields.IntField()
    is_backorder_allowed = fields.BooleanField(db_default=False)
    backorder_available_from = fields.DateField(null=True)
    backorder_remaining = fields.IntField(null=True)
    expected_from = fields.DateField(null=True)

    class Meta:
        table = "known_stock"
        app = "orders"
