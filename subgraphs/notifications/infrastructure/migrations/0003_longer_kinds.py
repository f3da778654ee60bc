from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_outgoing")]

    operations = [
        ops.AlterField(model_name="Notification", name="kind", field=fields.CharField(max_length=40)),
    ]
