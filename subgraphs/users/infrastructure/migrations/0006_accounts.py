"""When an address was proved; links that are mailed, by the hash of what they hold; who asked for another password."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("users", "0005_session_origins")]

    operations = [
        ops.AddField("User", "email_verified_at", fields.DatetimeField(null=True)),
        ops.CreateModel(
            name="MailedLink",
            fields=[
                ("id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField("users.User", to_field="id", on_delete=fields.CASCADE, db_constraint=True),
                ),
                ("purpose", fields.CharField(max_length=20)),
                ("email", fields.CharField(max_length=254)),
                ("comparable_email", fields.CharField(max_length=254)),
                ("holder", fields.UUIDField(unique=True)),
                ("expires_at", fields.DatetimeField()),
                ("ended_at", fields.DatetimeField(null=True)),
                ("created_at", fields.DatetimeField(db_default=SqlDefault("clock_timestamp()"))),
            ],
            options={"table": "mailed_links", "app": "users", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ResetRequest",
            fields=[
                ("id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("comparable_email", fields.CharField(max_length=254)),
            ],
            options={"table": "reset_requests", "app": "users", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunSQL(
            """
            CREATE INDEX mailed_links_user ON mailed_links (user_id, purpose);
            CREATE INDEX mailed_links_held ON mailed_links (comparable_email)
              WHERE purpose = 'UNDO_EMAIL_CHANGE' AND ended_at IS NULL;
            CREATE INDEX mailed_links_expired ON mailed_links (expires_at);
            """,
            "DROP INDEX mailed_links_expired; DROP INDEX mailed_links_held; DROP INDEX mailed_links_user;",
        ),
    ]
