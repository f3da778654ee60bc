"""Until when a request with an idempotency key is being carried out at a provider."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("chassis", "0002_outbox_notification")]

    operations = [
        ops.AddField(
            model_name="IdempotencyRecord",
            name="leased_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
