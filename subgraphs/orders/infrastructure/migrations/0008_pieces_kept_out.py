"""Refused refunds whose pieces stay out of stock though their order was cancelled."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_paying_again")]

    operations = [
        ops.AddField("Refund", "keeps_out", fields.BooleanField(db_default=False)),
    ]
