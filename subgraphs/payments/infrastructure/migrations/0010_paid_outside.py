"""Money that the shop pays back outside of a payment's provider."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_refund_failures")]

    operations = [
        ops.AddField("Payment", "paid_outside_minor", fields.BigIntField(db_default=0)),
        ops.AddField("Refund", "paid_outside", fields.TextField(null=True, unique=False)),
        # With what was given back at the provider too, it may be more than was taken.
        ops.RunSQL(
            """
            ALTER TABLE payments ADD CONSTRAINT payments_never_paid_outside_beyond_what_was_taken
              CHECK (0 <= paid_outside_minor AND paid_outside_minor <= captured_minor);
            """,
            "ALTER TABLE payments DROP CONSTRAINT payments_never_paid_outside_beyond_what_was_taken;",
        ),
    ]
