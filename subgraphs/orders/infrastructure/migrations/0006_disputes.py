"""Disputes, who gave money back, and the statuses that follow from what became of pieces and money."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_backorders")]

    operations = [
        ops.CreateModel(
            name="Dispute",
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
                ("reference", fields.TextField(unique=False)),
                ("amount_minor", fields.BigIntField()),
                ("reason", fields.TextField(unique=False)),
                ("status", fields.CharField(max_length=20)),
                ("evidence_due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("told_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "disputes",
                "app": "orders",
                "unique_together": (("order", "reference"),),
                "pk_attr": "id",
                "table_description": "A dispute of an order's payment, as payments tells of it: one row however often it does.",
            },
            bases=["Model"],
        ),
        ops.AddField("Refund", "source", fields.CharField(max_length=20, db_default="REQUESTED")),
        ops.RunSQL(
            """
            UPDATE refunds SET source = 'CANCELLATION' WHERE id = order_id;
            CREATE INDEX disputes_open ON disputes (order_id) WHERE status = 'OPEN';
            ALTER TABLE disputes ADD CONSTRAINT disputes_amount_positive CHECK (amount_minor > 0);

            -- Refunds that failed or were not done yet made orders SHIPPED, and ones that came last left them PARTIALLY_SHIPPED.
            WITH line AS (
              SELECT line.order_id, line.quantity, (
                  SELECT coalesce(sum(part.quantity), 0) FROM shipment_lines AS part
                  JOIN shipments AS parcel ON parcel.id = part.shipment_id
                  WHERE part.line_id = line.id AND parcel.status IN ('SHIPPED', 'DELIVERED')
                ) AS shipped, (
                  SELECT coalesce(sum(part.quantity), 0) FROM refund_lines AS part
                  JOIN refunds AS refund ON refund.id = part.refund_id
                  WHERE part.line_id = line.id AND refund.status = 'DONE'
                ) AS refunded
              FROM order_lines AS line JOIN orders AS placed ON placed.id = line.order_id
              WHERE placed.status IN ('PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED')
            ), standing AS (
              SELECT order_id, bool_or(quantity > shipped + refunded) AS has_open,
                EXISTS (SELECT FROM shipments WHERE shipments.order_id = line.order_id AND status = 'SHIPPED') AS is_on_its_way
              FROM line GROUP BY order_id
            ), found AS (
              SELECT placed.id, placed.status AS before,
                CASE WHEN has_open THEN 'PARTIALLY_SHIPPED' WHEN is_on_its_way THEN 'SHIPPED' ELSE 'DELIVERED' END AS after
              FROM standing JOIN orders AS placed ON placed.id = standing.order_id
            ), moved AS (
              UPDATE orders SET status = found.after, updated_at = clock_timestamp()
              FROM found WHERE orders.id = found.id AND found.after <> found.before RETURNING orders.id, found.before, found.after
            )
            INSERT INTO order_status_history (order_id, from_status, to_status, reason, actor)
            SELECT id, before, after, 'put right by what became of its pieces', 'SHOP' FROM moved;
            """,
            """
            DROP INDEX disputes_open;
            """,
        ),
    ]
