"""Pictures of products, drawn from their data alone: a shop without photographs still looks like a shop."""

from seeds.pictures.drawing import PictureSubject, draw_product

__all__ = ["PictureSubject", "draw_product"]
