"""Pictures are kept instead of drawn for each caller, and media say their addresses and types.

Media of before get addresses without a version; seeding the demonstration shop again puts pictures there. Their colour
stays beside: the version before this one reads it. It can go from the next version on.
"""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("products", "0003_counts")]

    operations = [
        ops.CreateModel(
            name="MediaFile",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "product",
                    fields.ForeignKeyField(
                        "products.Product",
                        source_field="product_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=70)),
                ("version", fields.CharField(max_length=64)),
                ("media_type", fields.CharField(max_length=100)),
                ("content", fields.BinaryField()),
            ],
            options={
                "table": "media_files",
                "app": "products",
                "unique_together": (("product", "name"),),
                "pk_attr": "id",
                "table_description": "A picture of a product as it is served; the product's ``media`` say where.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(
            """
            ALTER TABLE media_files
              ADD CONSTRAINT media_files_name CHECK (name ~ '^[a-z0-9-]{1,60}[.][a-z0-9]{1,8}$'),
              ADD CONSTRAINT media_files_version CHECK (version ~ '^[0-9a-zA-Z_-]+$');
            UPDATE products SET media = (
              SELECT jsonb_agg(
                jsonb_build_object('path', format('/media/products/%s/%s.svg', products.id, number), 'media_type', 'image/svg+xml')
                || picture ORDER BY number
              ) FROM jsonb_array_elements(media) WITH ORDINALITY AS its (picture, number)
            ) WHERE media <> '[]';
            """,
            """
            UPDATE products SET media = (
              SELECT jsonb_agg('{"colour": null}'::jsonb || (picture - 'path' - 'media_type') ORDER BY number)
              FROM jsonb_array_elements(media) WITH ORDINALITY AS its (picture, number)
            ) WHERE media <> '[]';
            ALTER TABLE media_files DROP CONSTRAINT media_files_version, DROP CONSTRAINT media_files_name;
            """,
        ),
    ]
