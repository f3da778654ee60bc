"""How many more pieces can be ordered than there are, and which pieces orders wait for."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_carts_and_shipments")]

    operations = [
        ops.AddField("KnownStock", "backorder_remaining", fields.IntField(null=True)),
        ops.AddField("KnownStock", "expected_from", fields.DateField(null=True)),
        ops.AddField("OrderLine", "waiting", fields.IntField(db_default=0)),
        ops.AddField("OrderLine", "waiting_version", fields.BigIntField(db_default=0)),
        ops.RunSQL(
            """
            UPDATE known_stock SET expected_from = backorder_available_from;
            ALTER TABLE order_lines ADD CONSTRAINT order_lines_waiting CHECK (waiting BETWEEN 0 AND quantity);
            CREATE INDEX order_lines_waiting_for ON order_lines (variant_id) WHERE waiting > 0;
            """,
            """
            DROP INDEX order_lines_waiting_for;
            ALTER TABLE order_lines DROP CONSTRAINT order_lines_waiting;
            """,
        ),
    ]
