from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_rules")]

    operations = [
        ops.AddField("Dispute", "evidence_due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
        ops.AddField("Dispute", "closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
        ops.AddField("Refund", "is_remaining", fields.BooleanField(db_default=False)),
        ops.AddField("Refund", "refunded_minor", fields.BigIntField(null=True)),
        ops.RunSQL(
            """
            ALTER TABLE refunds DROP CONSTRAINT refunds_amount_positive;
            ALTER TABLE refunds ADD CONSTRAINT refunds_of_nothing_were_of_the_rest
              CHECK (amount_minor > 0 OR (amount_minor = 0 AND is_remaining));
            """,
            """
            DELETE FROM refunds WHERE amount_minor = 0;
            ALTER TABLE refunds DROP CONSTRAINT refunds_of_nothing_were_of_the_rest;
            ALTER TABLE refunds ADD CONSTRAINT refunds_amount_positive CHECK (amount_minor > 0);
            """,
        ),
    ]
