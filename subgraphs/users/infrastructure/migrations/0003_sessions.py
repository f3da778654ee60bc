"""When a session was last gone on with; and what a token was exchanged for, which a repetition is answered with."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("users", "0002_indexes")]

    operations = [
        ops.AddField("Session", "last_used_at", fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"))),
        ops.AddField("RefreshToken", "sealed_successor", fields.BinaryField(null=True)),
        ops.RunSQL(
            """
            UPDATE sessions SET last_used_at = greatest(created_at, (
              SELECT max(used_at) FROM refresh_tokens WHERE session_id = sessions.id));
            CREATE INDEX refresh_tokens_sealed ON refresh_tokens (used_at) WHERE sealed_successor IS NOT NULL;
            """,
            "DROP INDEX refresh_tokens_sealed;",
        ),
    ]
