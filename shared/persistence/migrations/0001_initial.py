from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="IdempotencyRecord",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("scope", fields.TextField(unique=False)),
                ("key", fields.TextField(unique=False)),
                ("request_hash", fields.TextField(unique=False)),
                ("response", fields.TextField(null=True, unique=False)),
                ("created_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "idempotency",
                "app": "chassis",
                "unique_together": (("scope", "key"),),
                "pk_attr": "id",
                "table_description": "The first answer to a request that carried an idempotency key.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="InboxMessage",
            fields=[
                ("event_id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("processed_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "inbox",
                "app": "chassis",
                "pk_attr": "event_id",
                "table_description": "An event whose effect was committed with this row; a second delivery finds it and does nothing.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("event_id", fields.UUIDField(unique=True)),
                ("topic", fields.TextField(unique=False)),
                ("key", fields.TextField(unique=False)),
                ("type", fields.TextField(unique=False)),
                ("payload", fields.TextField(unique=False)),
                ("trace", fields.TextField(unique=False)),
                (
                    "occurred_at",
                    fields.DatetimeField(
                        db_default=SqlDefault("clock_timestamp()"), auto_now=False, auto_now_add=False
                    ),
                ),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "outbox",
                "app": "chassis",
                "pk_attr": "id",
                "table_description": "An event that was committed with the change it tells of, sent or still to be sent to Kafka.",
            },
            bases=["Model"],
        ),
    ]
