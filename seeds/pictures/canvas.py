"""SVG elements as strings, and the few ways in which every shape is shaded."""

from dataclasses import dataclass
from zlib import crc32

WOOD, WOOD_DARK = "#c9a074", "#a67c52"
STEEL, STEEL_DARK = "#c6ccd1", "#959fa8"
BRASS, COPPER = "#cda84f", "#bf7a50"
PAPER, PAPER_DARK = "#fbf6ea", "#e6dcc8"
INK, INK_SOFT = "#37322f", "#5d5650"
LEAF, LEAF_DARK = "#7c9a68", "#58764b"
GLOW, FLAME = "#ffe7a3", "#f2a541"


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours of one picture, its pattern, and a number that varies details from product to product."""

    main: str
    dark: str
    deep: str
    light: str
    accent: str
    pattern: str
    variation: int


def path(d: str, fill: str, opacity: float = 1) -> str:
    return f'<path d="{d}" fill="{fill}"{_opacity(opacity)}/>'


def line(d: str, colour: str, width: float, opacity: float = 1) -> str:
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"'
        f' stroke-linejoin="round"{_opacity(opacity)}/>'
    )


def rect(x: float, y: float, width: float, height: float, fill: str, radius: float = 0, opacity: float = 1) -> str:
    rounded = f' rx="{radius}"' if radius else ""
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}"{rounded} fill="{fill}"{_opacity(opacity)}/>'


def circle(x: float, y: float, radius: float, fill: str, opacity: float = 1) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}"{_opacity(opacity)}/>'


def ellipse(x: float, y: float, across: float, down: float, fill: str, opacity: float = 1) -> str:
    return f'<ellipse cx="{x}" cy="{y}" rx="{across}" ry="{down}" fill="{fill}"{_opacity(opacity)}/>'


def group(content: str, transform: str) -> str:
    return f'<g transform="{transform}">{content}</g>'


def solid(d: str, box: Box, paint: Paint, fill: str | None = None, *, patterned: bool = False) -> str:
    """The outline filled, with light from the left, and the product's pattern where the shape can bear one."""
    clip = f"c{crc32(d.encode()):x}"
    width, height = box.right - box.left, box.bottom - box.top
    pattern = pattern_in(box, paint) if patterned else ""
    shade = rect(box.right - width * 0.3, box.top, width * 0.3, height, "#000", opacity=0.09)
    gleam = rect(box.left + width * 0.1, box.top, width * 0.07, height, "#fff", opacity=0.22)
    return (
        f'<clipPath id="{clip}"><path d="{d}"/></clipPath>{path(d, fill or paint.main)}'
        f'<g clip-path="url(#{clip})">{pattern}{shade}{gleam}</g>'
    )


def pattern_in(box: Box, paint: Paint) -> str:
    drawn = {"stripes": _stripes, "dots": _dots, "band": _band, "checks": _checks, "speckles": _speckles}
    return drawn[paint.pattern](box, paint) if paint.pattern in drawn else ""


def _opacity(opacity: float) -> str:
    return "" if opacity == 1 else f' opacity="{opacity}"'


def _stripes(box: Box, paint: Paint) -> str:
    step = (box.bottom - box.top) / (5 + paint.variation % 4)
    rows = range(1, int((box.bottom - box.top) / step) + 1)
    d = "".join(f"M{box.left:.0f} {box.top + row * step:.0f}H{box.right:.0f}" for row in rows)
    return line(d, paint.light, round(step * 0.32), 0.75)


def _checks(box: Box, paint: Paint) -> str:
    step = (box.right - box.left) / (4 + paint.variation % 2)
    down = "".join(f"M{box.left + (i + 0.5) * step:.0f} {box.top:.0f}V{box.bottom:.0f}" for i in range(6))
    rows = range(int((box.bottom - box.top) / step) + 1)
    across = "".join(f"M{box.left:.0f} {box.top + (i + 0.5) * step:.0f}H{box.right:.0f}" for i in rows)
    return line(down, paint.deep, round(step * 0.36), 0.4) + line(across, paint.deep, round(step * 0.36), 0.4)


def _dots(box: Box, paint: Paint) -> str:
    step = (box.right - box.left) / (5 + paint.variation % 2)
    spots = []
    for row in range(int((box.bottom - box.top) / step) + 1):
        for column in range(6):
            x = box.left + (column + (0.25 if row % 2 else 0.75)) * step
            spots.append(f"M{x:.0f} {box.top + (row + 0.6) * step:.0f}h0")
    return line("".join(spots), paint.light, round(step * 0.26), 0.8)


def _speckles(box: Box, paint: Paint) -> str:
    spots, seed = [], paint.variation + 7
    for _ in range(34):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        x = box.left + (seed >> 8) % 997 / 997 * (box.right - box.left)
        y = box.top + (seed >> 18) % 991 / 991 * (box.bottom - box.top)
        spots.append(f"M{x:.0f} {y:.0f}h0")
    return line("".join(spots), paint.deep, 5, 0.45)


def _band(box: Box, paint: Paint) -> str:
    height = box.bottom - box.top
    top = box.top + height * (0.5 + paint.variation % 3 * 0.1)
    return rect(box.left, round(top), box.right - box.left, round(height * 0.16), paint.light, opacity=0.8)
