"""Products' tables.

CHECKs, generated columns and partial indexes stand in the migrations:
Tortoise leaves those of a model out of CREATE TABLE.
"""

from typing import Any

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model


class Category(Model):
    """A place in the tree of categories; those without a parent are its top."""

    id = fields.UUIDField(primary_key=True)
    slug = fields.CharField(max_length=200, unique=True)
    name = fields.TextField()
    description = fields.TextField()
    parent: fields.ForeignKeyNullableRelation["Category"] = fields.ForeignKeyField(
        "products.Category", null=True, on_delete=fields.RESTRICT
    )
    position = fields.IntField()

    class Meta:
        table = "categories"
        app = "products"


class Product(Model):
    """Something the shop sells.

    Its lowest and highest price repeat what its variants say, so that lists are sorted by index.
    """

    id = fields.UUIDField(primary_key=True)
    slug = fields.CharField(max_length=200, unique=True)
    title = fields.TextField()
    description = fields.TextField()
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "products.Category", on_delete=fields.RESTRICT
    )
    options: Any = fields.JSONField()
    media: Any = fields.JSONField()
    currency = fields.CharField(max_length=3)
    min_price_minor = fields.BigIntField()
    max_price_minor = fields.BigIntField()
    version = fields.BigIntField(db_default=1)
    created_at = fields.DatetimeField(db_default=Now())
    withdrawn_at = fields.DatetimeField(null=True)

    class Meta:
        table = "products"
        app = "products"


class Variant(Model):
    """One choice of a product's options. Its price is in the product's currency."""

    id = fields.UUIDField(primary_key=True)
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField("products.Product", on_delete=fields.RESTRICT)
    position = fields.IntField()
    sku = fields.CharField(max_length=100, unique=True)
    title = fields.TextField()
    selected_options: Any = fields.JSONField()
    price_minor = fields.BigIntField()
    weight_grams = fields.IntField()

    class Meta:
        table = "variants"
        app = "products"
        unique_together = (("product", "position"),)


class MediaFile(Model):
    """A picture of a product as it is served; the product's ``media`` say where."""

    id = fields.BigIntField(primary_key=True)
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField("products.Product", on_delete=fields.RESTRICT)
    name = fields.CharField(max_length=70)
    version = fields.CharField(max_length=64)
    media_type = fields.CharField(max_length=100)
    content = fields.BinaryField()

    class Meta:
        table = "media_files"
        app = "products"
        unique_together = (("product", "name"),)
