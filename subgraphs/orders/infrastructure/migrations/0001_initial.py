from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Cart",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("owner_id", fields.UUIDField(null=True)),
                ("ordered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "carts",
                "app": "orders",
                "pk_attr": "id",
                "table_description": "A cart; without an owner it is anybody's who knows its id. Whoever changes a cart locks its row first.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Fulfilment",
            fields=[
                ("order_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("step", fields.CharField(max_length=20)),
                ("attempts", fields.IntField(db_default=0)),
                ("fence", fields.BigIntField(db_default=0)),
                ("due_at", fields.DatetimeField(null=True, db_default=Now(), auto_now=False, auto_now_add=False)),
                ("leased_by", fields.TextField(null=True, unique=False)),
                ("deadline_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("payment_method_id", fields.TextField(unique=False)),
                ("cancellation", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("last_error", fields.TextField(null=True, unique=False)),
                ("trace", fields.TextField(unique=False)),
                ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "fulfilments",
                "app": "orders",
                "pk_attr": "order_id",
                "table_description": "The saga of one order.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="KnownProduct",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("version", fields.BigIntField()),
            ],
            options={
                "table": "known_products",
                "app": "orders",
                "pk_attr": "id",
                "table_description": "How far a product's events were applied: an event with a version not greater is old news.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="KnownStock",
            fields=[
                ("variant_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("version", fields.BigIntField()),
                ("available", fields.IntField()),
            ],
            options={
                "table": "known_stock",
                "app": "orders",
                "pk_attr": "variant_id",
                "table_description": "How many pieces of a variant can be bought, as the inventory events tell. It may be known before the variant is.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Order",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("number", fields.CharField(unique=True, max_length=11)),
                ("customer_id", fields.UUIDField()),
                ("cart_id", fields.UUIDField(unique=True)),
                ("status", fields.CharField(max_length=30)),
                ("cancellation", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("email", fields.TextField(unique=False)),
                ("currency", fields.CharField(max_length=3)),
                ("total_minor", fields.BigIntField()),
                ("recipient", fields.TextField(unique=False)),
                ("line1", fields.TextField(unique=False)),
                ("line2", fields.TextField(null=True, unique=False)),
                ("postal_code", fields.TextField(null=True, unique=False)),
                ("city", fields.TextField(unique=False)),
                ("country", fields.CharField(max_length=2)),
                ("phone", fields.TextField(null=True, unique=False)),
                ("placed_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "orders",
                "app": "orders",
                "pk_attr": "id",
                "table_description": "An order. Its lines and its total never change; its status does, by the table in ``domain/order.py``.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrderLine",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "orders.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                ("variant_id", fields.UUIDField()),
                ("title", fields.TextField(unique=False)),
                ("sku", fields.TextField(unique=False)),
                ("quantity", fields.IntField()),
                ("unit_price_minor", fields.BigIntField()),
            ],
            options={
                "table": "order_lines",
                "app": "orders",
                "unique_together": (("order", "position"),),
                "pk_attr": "id",
                "table_description": "What was bought, frozen.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OrderStatusChange",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "orders.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("from_status", fields.CharField(null=True, max_length=30)),
                ("to_status", fields.CharField(max_length=30)),
                ("reason", fields.TextField(unique=False)),
                ("actor", fields.TextField(unique=False)),
                (
                    "changed_at",
                    fields.DatetimeField(
                        db_default=SqlDefault("clock_timestamp()"), auto_now=False, auto_now_add=False
                    ),
                ),
            ],
            options={
                "table": "order_status_history",
                "app": "orders",
                "pk_attr": "id",
                "table_description": "A move of an order from one status to the next: who and why. Append-only.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Variant",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("product_id", fields.UUIDField(db_index=True)),
                ("sku", fields.TextField(unique=False)),
                ("title", fields.TextField(unique=False)),
                ("price_minor", fields.BigIntField()),
                ("currency", fields.CharField(max_length=3)),
                ("is_sold", fields.BooleanField()),
            ],
            options={
                "table": "variants",
                "app": "orders",
                "pk_attr": "id",
                "table_description": "A variant as the products events tell of it. It is never deleted: carts go on naming what is no longer sold.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CartLine",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "cart",
                    fields.ForeignKeyField(
                        "orders.Cart",
                        source_field="cart_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "variant",
                    fields.ForeignKeyField(
                        "orders.Variant",
                        source_field="variant_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("quantity", fields.IntField()),
                ("seen_price_minor", fields.BigIntField()),
                ("seen_currency", fields.CharField(max_length=3)),
            ],
            options={
                "table": "cart_lines",
                "app": "orders",
                "unique_together": (("cart", "variant"),),
                "pk_attr": "id",
                "table_description": "A variant in a cart, with the price that the buyer has seen.",
            },
            bases=["Model"],
        ),
    ]
