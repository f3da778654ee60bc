"""Sagas of several kinds in one table, refunds, and who moved an order."""

from typing import Any
from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.migrations import operations as ops

_ORDER: dict[str, Any] = {
    "source_field": "order_id",
    "db_constraint": True,
    "to_field": "id",
    "on_delete": OnDelete.RESTRICT,
}


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_rules")]

    operations = [
        ops.CreateModel(
            name="Saga",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("order", fields.ForeignKeyField("orders.Order", **_ORDER)),
                ("kind", fields.CharField(max_length=20)),
                ("step", fields.CharField(max_length=20)),
                ("stuck_step", fields.CharField(null=True, max_length=20)),
                ("attempts", fields.IntField(db_default=0)),
                ("fence", fields.BigIntField(db_default=0)),
                ("due_at", fields.DatetimeField(null=True, db_default=Now(), auto_now=False, auto_now_add=False)),
                ("leased_by", fields.TextField(null=True, unique=False)),
                ("deadline_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("payment_method_id", fields.TextField(null=True, unique=False)),
                ("cancellation", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("is_cancel_requested", fields.BooleanField(db_default=False)),
                ("last_error", fields.TextField(null=True, unique=False)),
                ("trace", fields.TextField(unique=False)),
                ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sagas",
                "app": "orders",
                "pk_attr": "id",
                "table_description": "Something under way with an order: the order itself (its id is the order's), a refund or a shipment (its id is theirs).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Refund",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("order", fields.ForeignKeyField("orders.Order", **_ORDER)),
                ("status", fields.CharField(max_length=20)),
                ("amount_minor", fields.BigIntField()),
                ("reason", fields.TextField(unique=False)),
                ("is_restocking", fields.BooleanField()),
                ("restocked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("user_id", fields.UUIDField(null=True)),
                (
                    "created_at",
                    fields.DatetimeField(
                        db_default=SqlDefault("clock_timestamp()"), auto_now=False, auto_now_add=False
                    ),
                ),
                ("updated_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "refunds",
                "app": "orders",
                "pk_attr": "id",
                "table_description": "Money that is given back for an order. The one of a cancelled order has the order's id.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RefundLine",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "refund",
                    fields.ForeignKeyField(
                        "orders.Refund",
                        source_field="refund_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "line",
                    fields.ForeignKeyField(
                        "orders.OrderLine",
                        source_field="line_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("quantity", fields.IntField()),
            ],
            options={
                "table": "refund_lines",
                "app": "orders",
                "unique_together": (("refund", "line"),),
                "pk_attr": "id",
                "table_description": "Pieces of a line that a refund is for.",
            },
            bases=["Model"],
        ),
        ops.AddField("Order", "refunded_minor", fields.BigIntField(db_default=0)),
        ops.AddField("Order", "captured_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
        ops.AddField("OrderStatusChange", "user_id", fields.UUIDField(null=True)),
        ops.RunSQL(
            """
            INSERT INTO sagas (id, order_id, kind, step, attempts, fence, due_at, leased_by, deadline_at, payment_method_id,
              cancellation, last_error, trace, updated_at, stuck_step)
            SELECT order_id, order_id, 'ORDER', step, attempts, fence, due_at, leased_by, deadline_at, payment_method_id,
              cancellation, last_error, trace, updated_at, CASE WHEN step = 'STUCK' THEN split_part(last_error, ' ', 1) END
            FROM fulfilments;
            UPDATE orders SET captured_at = updated_at WHERE status = 'CONFIRMED';

            ALTER TABLE order_status_history DISABLE TRIGGER order_status_history_append_only;
            UPDATE order_status_history SET user_id = substr(actor, 6)::uuid, actor = 'BUYER' WHERE actor LIKE 'user:%';
            UPDATE order_status_history SET actor = 'SHOP' WHERE actor NOT IN ('BUYER', 'STAFF');
            ALTER TABLE order_status_history ENABLE TRIGGER order_status_history_append_only;

            ALTER TABLE orders ADD CONSTRAINT orders_never_refunded_too_much CHECK (refunded_minor BETWEEN 0 AND total_minor);
            ALTER TABLE refunds ADD CONSTRAINT refunds_amount_positive CHECK (amount_minor > 0);
            ALTER TABLE refund_lines ADD CONSTRAINT refund_lines_quantity_positive CHECK (quantity > 0);
            CREATE INDEX sagas_due ON sagas (due_at) WHERE due_at IS NOT NULL;
            CREATE INDEX sagas_stuck ON sagas (order_id) WHERE step = 'STUCK';
            CREATE INDEX sagas_order ON sagas (order_id);
            CREATE INDEX refunds_order ON refunds (order_id);
            CREATE INDEX refund_lines_line ON refund_lines (line_id);
            """,
            """
            DROP INDEX refund_lines_line;
            DROP INDEX refunds_order;
            DROP INDEX sagas_order;
            DROP INDEX sagas_stuck;
            DROP INDEX sagas_due;
            ALTER TABLE refund_lines DROP CONSTRAINT refund_lines_quantity_positive;
            ALTER TABLE refunds DROP CONSTRAINT refunds_amount_positive;
            ALTER TABLE orders DROP CONSTRAINT orders_never_refunded_too_much;

            ALTER TABLE order_status_history DISABLE TRIGGER order_status_history_append_only;
            UPDATE order_status_history SET actor = CASE WHEN user_id IS NULL THEN 'fulfilment' ELSE 'user:' || user_id END;
            ALTER TABLE order_status_history ENABLE TRIGGER order_status_history_append_only;

            INSERT INTO fulfilments (order_id, step, attempts, fence, due_at, leased_by, deadline_at, payment_method_id,
              cancellation, last_error, trace, updated_at)
            SELECT order_id, step, attempts, fence, due_at, leased_by, coalesce(deadline_at, updated_at), payment_method_id,
              cancellation, last_error, trace, updated_at
            FROM sagas WHERE kind = 'ORDER';
            ALTER TABLE fulfilments ADD CONSTRAINT fulfilments_order FOREIGN KEY (order_id) REFERENCES orders (id);
            CREATE INDEX fulfilments_due ON fulfilments (due_at) WHERE due_at IS NOT NULL;
            CREATE INDEX fulfilments_open ON fulfilments (step, deadline_at) WHERE step NOT IN ('CONFIRMED', 'CANCELLED');
            """,
        ),
        ops.DeleteModel("Fulfilment"),
    ]
