"""Messages to buyers without an account."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_longer_kinds")]

    operations = [
        ops.AlterField(model_name="Notification", name="user_id", field=fields.UUIDField(null=True)),
    ]
