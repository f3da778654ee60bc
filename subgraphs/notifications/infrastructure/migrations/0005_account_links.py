"""Messages that hold a link by which an account is changed."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_guests")]

    operations = [
        ops.AddField("Notification", "link_id", fields.UUIDField(null=True)),
    ]
