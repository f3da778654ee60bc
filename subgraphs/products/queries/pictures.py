"""What a product's picture is drawn from."""

from uuid import UUID

from shared.persistence import db
from subgraphs.products.domain.pictures import PictureSubject


async def picture_subject(product_id: UUID, number: int) -> PictureSubject | None:
    """The subject of a product's picture, counted from 1; None when there is none. Withdrawn products keep their pictures."""
    row = await db.fetch_row(
        "SELECT product.id, product.title, category.slug AS category_slug, category.name AS category_name,"
        " picture->>'colour' AS colour FROM products AS product JOIN categories AS category ON category.id = product.category_id"
        " CROSS JOIN LATERAL (SELECT product.media->($2::int - 1)) AS media(picture)"
        " WHERE product.id = $1 AND picture IS NOT NULL",
        product_id,
        number,
    )
    return PictureSubject(**row) if row else None
