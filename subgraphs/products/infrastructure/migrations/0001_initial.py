from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Category",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("slug", fields.CharField(unique=True, max_length=200)),
                ("name", fields.TextField(unique=False)),
                ("description", fields.TextField(unique=False)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "products.Category",
                        source_field="parent_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
            ],
            options={
                "table": "categories",
                "app": "products",
                "pk_attr": "id",
                "table_description": "A place in the tree of categories; those without a parent are its top.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Product",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("slug", fields.CharField(unique=True, max_length=200)),
                ("title", fields.TextField(unique=False)),
                ("description", fields.TextField(unique=False)),
                (
                    "category",
                    fields.ForeignKeyField(
                        "products.Category",
                        source_field="category_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("options", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("media", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("currency", fields.CharField(max_length=3)),
                ("min_price_minor", fields.BigIntField()),
                ("max_price_minor", fields.BigIntField()),
                ("version", fields.BigIntField(db_default=1)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ("withdrawn_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "products",
                "app": "products",
                "pk_attr": "id",
                "table_description": "Something the shop sells. Its lowest and highest price repeat what its variants say, so that lists are sorted by index.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Variant",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "product",
                    fields.ForeignKeyField(
                        "products.Product",
                        source_field="product_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                ("sku", fields.CharField(unique=True, max_length=100)),
                ("title", fields.TextField(unique=False)),
                ("selected_options", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("price_minor", fields.BigIntField()),
                ("weight_grams", fields.IntField()),
            ],
            options={
                "table": "variants",
                "app": "products",
                "unique_together": (("product", "position"),),
                "pk_attr": "id",
                "table_description": "One choice of a product's options. Its price is in the product's currency.",
            },
            bases=["Model"],
        ),
    ]
