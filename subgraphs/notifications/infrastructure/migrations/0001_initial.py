from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Notification",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=20)),
                ("source_id", fields.UUIDField()),
                ("user_id", fields.UUIDField()),
                ("order_id", fields.UUIDField(null=True)),
                ("channel", fields.CharField(db_default="EMAIL", max_length=10)),
                ("recipient", fields.TextField(unique=False)),
                ("subject", fields.TextField(unique=False)),
                ("text", fields.TextField(unique=False)),
                ("html", fields.TextField(unique=False)),
                ("status", fields.CharField(db_default="PENDING", max_length=10)),
                ("attempts", fields.IntField(db_default=0)),
                (
                    "due_at",
                    fields.DatetimeField(
                        db_default=SqlDefault("clock_timestamp()"), auto_now=False, auto_now_add=False
                    ),
                ),
                ("last_error", fields.TextField(null=True, unique=False)),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "created_at",
                    fields.DatetimeField(
                        db_default=SqlDefault("clock_timestamp()"), auto_now=False, auto_now_add=False
                    ),
                ),
            ],
            options={
                "table": "notifications",
                "app": "notifications",
                "unique_together": (("kind", "source_id"),),
                "pk_attr": "id",
                "table_description": "A message to somebody, written in the transaction that records its event, and what became of it.",
            },
            bases=["Model"],
        ),
    ]
