"""Where a session was begun or last gone on with; and the sessions that ended lately, found at once."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("users", "0004_addresses")]

    operations = [
        ops.AddField("Session", "device", fields.CharField(max_length=200, null=True)),
        ops.AddField("Session", "place", fields.CharField(max_length=45, null=True)),
        ops.RunSQL(
            "CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;",
            "DROP INDEX sessions_ended;",
        ),
    ]
