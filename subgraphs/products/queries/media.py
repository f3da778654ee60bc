"""Reads of the files that products' media are."""

from dataclasses import dataclass
from uuid import UUID

from shared.persistence import db

_FILE = "SELECT version, media_type, content FROM media_files WHERE product_id = :product_id AND name = :name"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """What is served at an address; ``version`` differs whenever the content does."""

    version: str
    media_type: str
    content: bytes


async def media_file(product_id: UUID, name: str) -> MediaFile | None:
    """A product's file; None when there is none. Withdrawn products keep theirs."""
    row = await db.fetch_row(_FILE, product_id=product_id, name=name)
    return MediaFile(**row) if row else None
