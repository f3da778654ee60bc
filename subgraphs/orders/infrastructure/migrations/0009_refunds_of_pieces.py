"""Refunds of no money: they close pieces that cost nothing, or whose price was given back as an amount."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_pieces_kept_out")]

    operations = [
        ops.RunSQL(
            """
            ALTER TABLE refunds DROP CONSTRAINT refunds_amount_positive;
            ALTER TABLE refunds ADD CONSTRAINT refunds_amount_not_negative CHECK (amount_minor >= 0);
            """,
            # Whoever goes back keeps refunds of no money: the rule holds for what comes.
            """
            ALTER TABLE refunds DROP CONSTRAINT refunds_amount_not_negative;
            ALTER TABLE refunds ADD CONSTRAINT refunds_amount_positive CHECK (amount_minor > 0) NOT VALID;
            """,
        ),
    ]
