"""Shapes of toys."""

from seeds.pictures.canvas import (
    BRASS,
    INK,
    INK_SOFT,
    LEAF,
    LEAF_DARK,
    PAPER,
    PAPER_DARK,
    WOOD,
    WOOD_DARK,
    Box,
    Paint,
    circle,
    ellipse,
    group,
    line,
    path,
    rect,
    solid,
)
from seeds.pictures.shapes.shape import hanging, standing
from seeds.pictures.shapes.vehicles import wheel

_RAINBOW = ("#bf4a42", "#d9803f", "#e3bd4c", "#5c8a5a", "#3d8487", "#3f6ea8", "#76496a")


def _blocks(paint: Paint) -> str:
    return (
        rect(130, 360, 110, 110, paint.main, 6)
        + rect(245, 360, 110, 110, WOOD, 6)
        + rect(360, 360, 110, 110, paint.accent, 6)
        + path("M190 356V286Q190 250 226 250H360Q396 250 396 286V356H350Q350 300 300 300Q250 300 250 356Z", paint.light)
        + path("M240 246L300 150L360 246Z", paint.dark)
        + circle(185, 415, 26, paint.light)
        + path("M415 390L440 440H390Z", paint.dark)
        + rect(278, 393, 44, 44, WOOD_DARK, 4)
    )


def _rainbow(paint: Paint) -> str:
    arcs = (
        path(f"M{300 - r} 470A{r} {r} 0 0 1 {300 + r} 470Z", colour)
        for r, colour in zip(range(232, 40, -32), _RAINBOW, strict=False)
    )
    return "".join(arcs) + path("M260 470A40 40 0 0 1 340 470Z", PAPER_DARK)


def _alphabet(paint: Paint) -> str:
    letters = (
        ("M-26 36L0-36L26 36M-15 10H15", paint.main),
        ("M-20-36V36H8Q30 32 26 14Q22 0-20 0M-20-36H4Q24-32 20-16Q16 0-4 0", paint.accent),
        ("M26-22Q8-42-14-30Q-38 0-14 30Q8 42 26 22", paint.dark),
    )
    return "".join(
        group(rect(-66, -66, 132, 132, WOOD, 10) + rect(-54, -54, 108, 108, PAPER, 6) + line(d, colour, 14), place)
        for (d, colour), place in zip(
            letters, ("translate(300 262) rotate(-6)", "translate(222 404)", "translate(372 404)"), strict=True
        )
    )


def _rings(paint: Paint) -> str:
    colours = (paint.main, paint.accent, paint.light, paint.dark, BRASS, paint.main)
    rings = "".join(
        rect(300 - w, 418 - i * 46, 2 * w, 44, colours[i], 22) for i, w in enumerate((158, 138, 118, 98, 78, 58))
    )
    return (
        rect(290, 140, 20, 300, WOOD)
        + rings
        + circle(300, 156, 34, paint.accent)
        + path("M150 462H450Q420 484 300 484Q180 484 150 462Z", WOOD_DARK)
    )


def _duck(paint: Paint) -> str:
    return (
        line("M150 300Q60 330 40 420", WOOD_DARK, 6)
        + circle(40, 426, 15, paint.accent)
        + solid(
            "M150 330Q180 290 220 300C200 130 380 120 370 240Q360 280 400 300"
            "Q470 290 490 250Q520 400 400 424H240Q140 410 150 330Z",
            Box(150, 150, 500, 424),
            paint,
        )
        + path("M214 226L150 246L216 268Z", "#d9803f")
        + circle(262, 210, 13, INK)
        + path("M300 330Q380 300 430 330Q400 390 330 384Q290 370 300 330Z", paint.dark)
        + rect(210, 418, 210, 22, WOOD, 8)
        + wheel(250, 440, 32)
        + wheel(386, 440, 32)
    )


def _elephant(paint: Paint) -> str:
    return (
        line("M130 340Q60 340 44 420", WOOD_DARK, 6)
        + circle(44, 426, 15, paint.accent)
        + line("M160 270C130 330 140 370 120 396", paint.main, 40)
        + solid(
            "M146 260C150 170 250 160 290 200H400Q480 210 480 300V424H410V370H290V424H220V340Q150 330 146 260Z",
            Box(140, 170, 480, 424),
            paint,
        )
        + path("M240 210Q310 190 320 260Q310 330 256 320Q220 270 240 210Z", paint.dark)
        + circle(200, 244, 10, INK)
        + line("M478 260Q510 290 500 330", paint.dark, 11)
        + rect(190, 418, 310, 24, WOOD, 8)
        + wheel(246, 440, 32)
        + wheel(446, 440, 32)
    )


def _rocking_horse(paint: Paint) -> str:
    return (
        line("M90 430Q300 510 510 430", paint.dark, 23)
        + line("M210 340L180 446M390 340L420 446", paint.dark, 26)
        + solid(
            "M150 250L130 210Q120 180 160 160L206 120L220 150Q270 180 276 240H400"
            "Q450 250 440 350H190Q180 290 200 240L166 262Z",
            Box(120, 120, 450, 350),
            paint,
        )
        + line("M214 146Q280 170 288 246M440 270Q490 290 480 370", "#8a5a3a", 19)
        + circle(178, 190, 9, INK)
        + path("M276 240H370Q360 290 323 290Q286 290 276 240Z", "#bf4a42")
        + line("M230 260V210", WOOD_DARK, 11)
    )


def _top(paint: Paint) -> str:
    top = (
        line("M300 120V230", WOOD_DARK, 20)
        + circle(300, 118, 22, WOOD)
        + ellipse(300, 250, 80, 30, paint.accent)
        + solid(
            "M150 300C150 230 450 230 450 300C440 380 330 420 300 470C270 420 160 380 150 300Z",
            Box(150, 240, 450, 470),
            paint,
        )
        + line("M156 318Q300 370 444 318", PAPER, 15)
        + line("M190 366Q300 410 410 366", paint.accent, 13)
    )
    return group(top, "rotate(11 300 470)")


def _xylophone(paint: Paint) -> str:
    bars = "".join(
        rect(104 + i * 50, 200 + i * 10, 40, 230 - i * 20, colour, 10) + circle(124 + i * 50, 222 + i * 10, 6, PAPER)
        for i, colour in enumerate((*_RAINBOW, "#dd9fa8"))
    )
    mallet = line("M200 150L420 260", WOOD_DARK, 11) + circle(200, 150, 26, "#bf4a42")
    return path("M90 250L510 290V330L90 380Z", WOOD) + bars + group(mallet, "translate(40 160) rotate(-6)")


def _kite(paint: Paint) -> str:
    bows = "".join(
        path(f"M{x} {y}l-26-15v30ZM{x} {y}l26-15v30Z", paint.accent) for x, y in ((276, 424), (330, 476), (270, 524))
    )
    return (
        line("M320 360Q240 420 310 470Q350 520 240 540", INK_SOFT, 5)
        + bows
        + path("M350 76L210 200L320 370Z", paint.main)
        + path("M350 76L464 210L320 370Z", paint.dark)
        + path("M350 76L210 200L340 206Z", paint.light)
        + path("M340 206L464 210L320 370Z", paint.accent)
        + line("M350 76L320 370M210 200L464 210", INK_SOFT, 5)
    )


def _groceries(paint: Paint) -> str:
    return (
        line("M250 270L220 110", LEAF, 24)
        + line("M222 130L170 90M220 120L226 60M224 128L270 80", LEAF_DARK, 17)
        + rect(330, 150, 70, 180, "#c68a4e", 32)
        + line("M344 190L384 206M344 226L384 242", "#f0d3a4", 8)
        + circle(290, 256, 44, "#c9503f")
        + solid(
            "M170 270L190 286L212 270L234 286L256 270L278 286L300 270L322 286"
            "L344 270L366 286L388 270L410 286L430 270V470H170Z",
            Box(170, 270, 430, 470),
            paint,
            "#cfae7f",
        )
        + path("M130 470Q130 410 180 410L230 470Z", "#e3bd4c")
        + circle(182, 450, 8, "#c79a2f")
        + ellipse(438, 440, 30, 34, "#f4e4cf")
    )


def _house(paint: Paint) -> str:
    return (
        solid("M160 280H440V470H160Z", Box(160, 280, 440, 470), paint, WOOD)
        + path("M300 130L480 286H120Z", paint.main)
        + circle(220, 340, 30, "#3d8487")
        + path("M300 306L334 368H266Z", "#bf4a42")
        + rect(352, 312, 56, 56, "#d7a53b", 4)
        + rect(270, 396, 60, 74, WOOD_DARK, 6)
        + path("M190 440L206 410L222 440L206 462Z", "#76496a")
        + path("M380 402l10 20 22 3-16 15 4 22-20-11-20 11 4-22-16-15 22-3Z", "#3f6ea8")
        + rect(370, 150, 36, 66, paint.dark)
    )


BLOCKS = standing(_blocks)
BY_WORD = {
    "blocks": BLOCKS,
    "rainbow building blocks": standing(_rainbow),
    "alphabet building blocks": standing(_alphabet),
    "rings": standing(_rings),
    "duck": standing(_duck, "mustard"),
    "elephant": standing(_elephant, "grey"),
    "horse": standing(_rocking_horse, "beech"),
    "top": standing(_top),
    "spinning top": standing(_top),
    "xylophone": standing(_xylophone),
    "kite": hanging(_kite),
    "groceries": standing(_groceries),
    "house": standing(_house, "red"),
}
BY_CATEGORY = {"wooden-toys": BLOCKS}
