"""When carts expire, what may be ordered before it is in stock, and parcels."""

from typing import Any
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops


def _reference(model: str, column: str) -> Any:
    return fields.ForeignKeyField(
        model, source_field=column, db_constraint=True, to_field="id", on_delete=OnDelete.RESTRICT
    )


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_sagas")]

    operations = [
        ops.AddField(
            "Cart",
            "expires_at",
            fields.DatetimeField(
                db_default=SqlDefault("now() + interval '30 days'"), auto_now=False, auto_now_add=False
            ),
        ),
        ops.AddField("KnownStock", "is_backorder_allowed", fields.BooleanField(db_default=False)),
        ops.AddField("KnownStock", "backorder_available_from", fields.DateField(null=True)),
        ops.CreateModel(
            name="Shipment",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("order", _reference("orders.Order", "order_id")),
                ("status", fields.CharField(max_length=20)),
                ("carrier", fields.TextField(unique=False)),
                ("tracking_code", fields.TextField(null=True, unique=False)),
                ("user_id", fields.UUIDField()),
                (
                    "created_at",
                    fields.DatetimeField(
                        db_default=SqlDefault("clock_timestamp()"), auto_now=False, auto_now_add=False
                    ),
                ),
                ("delivered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "shipments",
                "app": "orders",
                "pk_attr": "id",
                "table_description": "A parcel of an order.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ShipmentLine",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("shipment", _reference("orders.Shipment", "shipment_id")),
                ("line", _reference("orders.OrderLine", "line_id")),
                ("quantity", fields.IntField()),
            ],
            options={
                "table": "shipment_lines",
                "app": "orders",
                "unique_together": (("shipment", "line"),),
                "pk_attr": "id",
                "table_description": "Pieces of an order's line in a parcel.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(
            """
            CREATE INDEX carts_expiring ON carts (expires_at) WHERE ordered_at IS NULL;
            CREATE INDEX carts_open_of_owner ON carts (owner_id, created_at) WHERE ordered_at IS NULL;
            ALTER TABLE orders ADD CONSTRAINT orders_cart FOREIGN KEY (cart_id) REFERENCES carts (id);
            ALTER TABLE shipments ADD CONSTRAINT shipments_delivered_at_some_time
              CHECK ((status = 'DELIVERED') = (delivered_at IS NOT NULL));
            ALTER TABLE shipment_lines ADD CONSTRAINT shipment_lines_quantity_positive CHECK (quantity > 0);
            CREATE INDEX shipments_order ON shipments (order_id);
            CREATE UNIQUE INDEX shipments_one_undecided ON shipments (order_id) WHERE status IN ('PENDING', 'REFUSED');
            CREATE INDEX shipment_lines_line ON shipment_lines (line_id);
            """,
            """
            DROP INDEX shipment_lines_line;
            DROP INDEX shipments_one_undecided;
            DROP INDEX shipments_order;
            ALTER TABLE shipment_lines DROP CONSTRAINT shipment_lines_quantity_positive;
            ALTER TABLE shipments DROP CONSTRAINT shipments_delivered_at_some_time;
            ALTER TABLE orders DROP CONSTRAINT orders_cart;
            DROP INDEX carts_open_of_owner;
            DROP INDEX carts_expiring;
            """,
        ),
    ]
