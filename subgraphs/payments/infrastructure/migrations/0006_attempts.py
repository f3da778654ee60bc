"""An order that is tried again has a payment for each attempt."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_remaining_and_evidence")]

    operations = [
        ops.AddField("Payment", "order_attempt", fields.IntField(db_default=1)),
        ops.RunSQL(
            """
            ALTER TABLE payments ADD CONSTRAINT payments_order_attempts_positive CHECK (order_attempt > 0);
            CREATE UNIQUE INDEX payments_one_of_attempt ON payments (order_id, order_attempt);
            """,
            """
            DROP INDEX payments_one_of_attempt;
            ALTER TABLE payments DROP CONSTRAINT payments_order_attempts_positive;
            """,
        ),
        ops.AlterField("Payment", "order_id", fields.UUIDField()),
        ops.AlterModelOptions(
            name="Payment",
            options={
                "table": "payments",
                "app": "payments",
                "pk_attr": "id",
                "table_description": "The payment of one attempt at an order. A voided one of nothing (currency XXX) bars one voided before it was authorized.",
            },
        ),
    ]
