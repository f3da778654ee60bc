"""Refunds that fail later at the buyer's bank."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_refunds_of_pieces")]

    operations = [
        ops.AddField(
            "Refund", "pieces_settled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)
        ),
        ops.AddField("Refund", "failure", fields.TextField(null=True, unique=False)),
        ops.AddField("Refund", "times_back", fields.SmallIntField(db_default=0)),
        ops.AddField("Refund", "is_owed", fields.BooleanField(db_default=False)),
        ops.AlterModelOptions(
            name="Refund",
            options={
                "table": "refunds",
                "app": "orders",
                "pk_attr": "id",
                "table_description": "Money that is given back for an order. ``source`` is who gave it: ``OrderRefundSource`` of the SDL.",
            },
        ),
        ops.RunSQL(
            """
            UPDATE refunds SET pieces_settled_at = sagas.updated_at FROM sagas WHERE sagas.id = refunds.id AND sagas.step = 'DONE';
            UPDATE refunds SET failure = sagas.last_error FROM sagas
              WHERE sagas.id = refunds.id AND refunds.status = 'FAILED' AND sagas.step = 'STUCK';
            """,
            "SELECT 1;",
        ),
    ]
