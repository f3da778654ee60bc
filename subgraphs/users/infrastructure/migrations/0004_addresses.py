"""Postal addresses as countries have them: with a state or province, and with a company."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("users", "0002_indexes")]

    operations = [
        ops.AddField("Address", "country_area", fields.CharField(null=True, max_length=200)),
        ops.AddField("Address", "company", fields.CharField(null=True, max_length=200)),
    ]
