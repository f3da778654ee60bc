"""Which messages put aside were replayed."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("chassis", "0003_idempotency_lease")]

    operations = [
        ops.CreateModel(
            name="ReplayedDeadLetter",
            fields=[
                ("digest", fields.CharField(max_length=64, primary_key=True, unique=True, db_index=True)),
                ("replayed_at", fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "replayed_dead_letters",
                "app": "chassis",
                "pk_attr": "digest",
                "table_description": "A message put aside whose effect was committed with this row, when it was replayed.",
            },
            bases=["Model"],
        ),
    ]
