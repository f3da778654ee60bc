"""What stands for a product that no other shape fits."""

from seeds.pictures.canvas import Box, Paint, line, path, rect, solid
from seeds.pictures.shapes.shape import standing


def _parcel(paint: Paint) -> str:
    return (
        solid("M160 270H440V454Q440 470 424 470H176Q160 470 160 454Z", Box(160, 270, 440, 470), paint, patterned=True)
        + rect(276, 270, 48, 200, paint.accent)
        + rect(140, 222, 320, 62, paint.dark, 8)
        + rect(272, 222, 56, 62, paint.accent)
        + path("M300 222C250 140 170 150 190 200Q200 226 300 222Z", paint.accent)
        + path("M300 222C350 140 430 150 410 200Q400 226 300 222Z", paint.accent)
        + line("M300 220C270 190 240 186 220 192M300 220C330 190 360 186 380 192", paint.deep, 5, 0.35)
    )


PARCEL = standing(_parcel)
