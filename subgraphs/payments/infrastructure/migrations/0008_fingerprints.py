from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_looks")]

    operations = [
        ops.AddField("SavedMethod", "fingerprint", fields.CharField(null=True, max_length=255)),
        ops.AlterModelOptions(
            name="SavedMethod",
            options={
                "table": "saved_methods",
                "app": "payments",
                "unique_together": (("provider", "reference"),),
                "pk_attr": "id",
                "table_description": "A card that a user keeps at a provider. Those kept before fingerprints were have none, and may be there twice.",
            },
        ),
        # Cards of before have no fingerprint: those that were kept twice stay valid.
        ops.RunSQL(
            """
            CREATE UNIQUE INDEX saved_methods_one_of_a_number ON saved_methods (user_id, provider, fingerprint)
            WHERE fingerprint IS NOT NULL;
            """,
            "DROP INDEX saved_methods_one_of_a_number;",
        ),
    ]
