"""Postal addresses as countries have them, and one for the invoice beside the one for the parcel."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "0014_guests")]

    operations = [
        ops.AddField("Order", "country_area", fields.TextField(null=True, unique=False)),
        ops.AddField("Order", "company", fields.TextField(null=True, unique=False)),
        ops.AddField("Order", "billing_address", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
    ]
