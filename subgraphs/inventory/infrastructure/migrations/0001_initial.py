from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Movement",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=10)),
                ("variant_id", fields.UUIDField(db_index=True)),
                ("warehouse_id", fields.UUIDField()),
                ("on_hand_delta", fields.IntField()),
                ("held_delta", fields.IntField()),
                ("order_id", fields.UUIDField(null=True)),
                ("reason", fields.TextField(unique=False)),
                (
                    "occurred_at",
                    fields.DatetimeField(
                        db_default=SqlDefault("clock_timestamp()"), auto_now=False, auto_now_add=False
                    ),
                ),
            ],
            options={
                "table": "movements",
                "app": "inventory",
                "pk_attr": "id",
                "table_description": "A line of the ledger: append-only, and the sum of its deltas is the stock.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Reservation",
            fields=[
                ("order_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("state", fields.CharField(max_length=10)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "reservations",
                "app": "inventory",
                "pk_attr": "order_id",
                "table_description": "The pieces held for one order.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Hold",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "inventory.Reservation",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="order_id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("line_id", fields.UUIDField()),
                ("variant_id", fields.UUIDField()),
                ("warehouse_id", fields.UUIDField()),
                ("quantity", fields.IntField()),
            ],
            options={
                "table": "holds",
                "app": "inventory",
                "pk_attr": "id",
                "table_description": "The pieces of one order line held in one warehouse.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StockItem",
            fields=[
                ("variant_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("version", fields.BigIntField(db_default=0)),
            ],
            options={
                "table": "stock_items",
                "app": "inventory",
                "pk_attr": "variant_id",
                "table_description": "A variant that inventory knows. Whoever changes a variant's stock locks its row first, in the order of ids.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Warehouse",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("code", fields.CharField(unique=True, max_length=20)),
                ("name", fields.TextField(unique=False)),
                ("country", fields.CharField(max_length=2)),
            ],
            options={
                "table": "warehouses",
                "app": "inventory",
                "pk_attr": "id",
                "table_description": "A place where stock lies.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StockLevel",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "variant",
                    fields.ForeignKeyField(
                        "inventory.StockItem",
                        source_field="variant_id",
                        db_constraint=True,
                        to_field="variant_id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "warehouse",
                    fields.ForeignKeyField(
                        "inventory.Warehouse",
                        source_field="warehouse_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("on_hand", fields.IntField(db_default=0)),
                ("held", fields.IntField(db_default=0)),
            ],
            options={
                "table": "stock_levels",
                "app": "inventory",
                "unique_together": (("variant", "warehouse"),),
                "pk_attr": "id",
                "table_description": "The stock of one variant in one warehouse: what lies there, and how much of it is promised.",
            },
            bases=["Model"],
        ),
    ]
