"""Clients of the OpenID provider, what was granted to them, and the sessions that they have of it."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops

_NOW = SqlDefault("clock_timestamp()")


class Migration(migrations.Migration):
    dependencies = [("users", "0006_accounts")]

    operations = [
        ops.CreateModel(
            name="OAuthClient",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("name", fields.CharField(max_length=100)),
                ("secret_hash", fields.CharField(max_length=64, null=True)),
                ("redirect_uris", fields.TextField()),
                ("post_logout_redirect_uris", fields.TextField()),
                ("scopes", fields.TextField()),
                ("is_public", fields.BooleanField()),
                ("created_at", fields.DatetimeField(db_default=_NOW)),
                ("removed_at", fields.DatetimeField(null=True)),
            ],
            options={
                "table": "oauth_clients",
                "app": "users",
                "pk_attr": "id",
                "table_description": "A client of the OpenID provider. Lists are words with blanks between, as the protocol writes them.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AuthorizationCode",
            fields=[
                ("code_hash", fields.CharField(primary_key=True, max_length=64)),
                (
                    "client",
                    fields.ForeignKeyField("users.OAuthClient", source_field="client_id", on_delete=fields.CASCADE),
                ),
                ("user", fields.ForeignKeyField("users.User", source_field="user_id", on_delete=fields.CASCADE)),
                ("redirect_uri", fields.TextField()),
                ("scope", fields.TextField()),
                ("code_challenge", fields.CharField(max_length=128)),
                ("nonce", fields.TextField(null=True)),
                ("authenticated_at", fields.DatetimeField(db_default=_NOW)),
                ("used_at", fields.DatetimeField(null=True)),
                ("session_id", fields.UUIDField(null=True)),
            ],
            options={
                "table": "authorization_codes",
                "app": "users",
                "pk_attr": "code_hash",
                "table_description": "An authorization code, known by its hash alone; once used, with the session that it was exchanged for.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MachineSession",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "client",
                    fields.ForeignKeyField("users.OAuthClient", source_field="client_id", on_delete=fields.CASCADE),
                ),
                ("created_at", fields.DatetimeField(db_default=_NOW)),
                ("ended_at", fields.DatetimeField(null=True)),
            ],
            options={
                "table": "machine_sessions",
                "app": "users",
                "pk_attr": "id",
                "table_description": "What one access token of a machine opens, until it ends.",
            },
            bases=["Model"],
        ),
        ops.AddField("Session", "client_id", fields.UUIDField(null=True)),
        ops.AddField("Session", "scope", fields.TextField(db_default="")),
        ops.RunSQL(
            """
            CREATE INDEX sessions_client ON sessions (client_id) WHERE client_id IS NOT NULL AND ended_at IS NULL;
            CREATE INDEX authorization_codes_age ON authorization_codes (authenticated_at);
            CREATE INDEX machine_sessions_client ON machine_sessions (client_id);
            CREATE INDEX machine_sessions_age ON machine_sessions (created_at);
            CREATE INDEX machine_sessions_ended ON machine_sessions (ended_at) WHERE ended_at IS NOT NULL;
            """,
            """
            DROP INDEX sessions_client; DROP INDEX authorization_codes_age; DROP INDEX machine_sessions_client;
            DROP INDEX machine_sessions_age; DROP INDEX machine_sessions_ended;
            """,
        ),
    ]
