"""Shapes of paper: notebooks, pads, calendars, cards."""

from seeds.pictures.canvas import (
    BRASS,
    GLOW,
    INK,
    INK_SOFT,
    LEAF,
    LEAF_DARK,
    PAPER,
    PAPER_DARK,
    WOOD,
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


def _notebook(paint: Paint) -> str:
    book = (
        rect(186, 136, 250, 330, "#000", 14, 0.14)
        + rect(190, 132, 242, 326, PAPER_DARK, 10)
        + solid(
            "M184 124H410Q424 124 424 138V436Q424 450 410 450H184Q172 450 172 438V136Q172 124 184 124Z",
            Box(172, 124, 424, 450),
            paint,
            patterned=True,
        )
        + path("M184 124H206V450H184Q172 450 172 438V136Q172 124 184 124Z", paint.dark)
    )
    label = rect(244, 196, 116, 66, PAPER, 5) + line("M264 220H340M264 238H316", INK_SOFT, 4, 0.6)
    elastic = rect(384, 124, 13, 326, paint.accent)
    ribbon = path("M300 450H316V500L308 488L300 500Z", paint.accent)
    return group(
        book + (label if paint.variation % 2 else elastic) + ribbon, f"rotate({paint.variation % 15 - 7} 300 300)"
    )


def _album(paint: Paint) -> str:
    return (
        rect(118, 156, 372, 300, "#000", 14, 0.14)
        + rect(124, 150, 360, 300, PAPER_DARK, 10)
        + solid(
            "M122 142H466Q478 142 478 154V430Q478 442 466 442H122Q110 442 110 430V154Q110 142 122 142Z",
            Box(110, 142, 478, 442),
            paint,
        )
        + rect(110, 142, 40, 300, paint.dark, 10)
        + rect(222, 212, 178, 140, PAPER, 4)
        + rect(234, 224, 154, 116, "#bcd0d8")
        + path("M234 340L282 276L320 316L350 284L388 340Z", LEAF)
        + circle(356, 254, 15, GLOW)
    )


def _sketchbook(paint: Paint) -> str:
    rings = line("".join(f"M152 {y}H186" for y in range(160, 450, 28)), INK_SOFT, 8)
    drawing = path("M220 400Q270 300 320 360Q360 300 410 400Z", paint.light) + circle(366, 246, 28, paint.accent)
    return (
        rect(170, 136, 270, 330, "#000", 8, 0.14)
        + rect(166, 128, 270, 326, PAPER_DARK, 8)
        + rect(162, 122, 270, 326, PAPER, 8)
        + drawing
        + line("M212 402H412", INK_SOFT, 4)
        + rect(162, 122, 26, 326, paint.main)
        + rings
        + group(_small_pencil(paint), "rotate(38 440 380)")
    )


def _small_pencil(paint: Paint) -> str:
    return (
        rect(428, 210, 26, 190, paint.main)
        + path("M428 400H454L441 440Z", "#e8cfa6")
        + path("M436 424H446L441 440Z", INK)
        + rect(428, 200, 26, 22, "#d98f8a", 5)
    )


def _pad(paint: Paint) -> str:
    rings = line("".join(f"M{x} 128V164" for x in range(190, 430, 30)), INK_SOFT, 9)
    lines = line("".join(f"M200 {y}H400" for y in range(214, 430, 32)), "#b8c6cf", 4)
    return (
        rect(168, 150, 276, 326, "#000", 8, 0.14)
        + rect(160, 142, 276, 322, paint.main, 8)
        + rect(166, 142, 264, 308, PAPER, 6)
        + lines
        + rect(160, 138, 276, 40, paint.main, 8)
        + rings
        + path("M430 450L368 450L430 392Z", PAPER_DARK)
    )


def _squares_pad(paint: Paint) -> str:
    grid = "".join(f"M120 {y}H480" for y in range(206, 440, 30)) + "".join(f"M{x} 176V440" for x in range(150, 480, 30))
    return (
        rect(116, 160, 376, 296, "#000", 6, 0.14)
        + rect(112, 152, 376, 296, PAPER, 6)
        + line(grid, "#c8d2d6", 2.5)
        + rect(112, 146, 376, 34, paint.main, 6)
        + line("M180 260L240 320L300 250L360 380L420 300", paint.accent, 7)
    )


def _planner(paint: Paint) -> str:
    tabs = "".join(
        rect(420, 160 + i * 62, 26, 44, colour, 6)
        for i, colour in enumerate((paint.accent, paint.light, paint.dark, BRASS))
    )
    return (
        tabs + _notebook_cover(paint) + rect(252, 210, 104, 10, paint.light, 5) + rect(268, 236, 72, 10, paint.light, 5)
    )


def _notebook_cover(paint: Paint) -> str:
    cover = "M184 124H410Q424 124 424 138V436Q424 450 410 450H184Q172 450 172 438V136Q172 124 184 124Z"
    return (
        rect(180, 134, 252, 330, PAPER_DARK, 12)
        + solid(cover, Box(172, 124, 424, 450), paint)
        + line("M206 126V448", paint.dark, 6)
    )


def _calendar(paint: Paint) -> str:
    days = "".join(
        rect(190 + i % 7 * 32, 342 + i // 7 * 27, 20, 15, paint.light if i != paint.variation % 28 else paint.accent, 4)
        for i in range(28)
    )
    hill = path("M168 300L250 210L310 270L360 226L432 300Z", paint.dark) + circle(378, 186, 24, paint.accent)
    return (
        line("M300 86L200 136M300 86L400 136", INK_SOFT, 5)
        + rect(168, 140, 270, 330, "#000", 2, 0.14)
        + rect(162, 136, 276, 326, PAPER, 4)
        + rect(168, 150, 264, 152, paint.main)
        + hill
        + days
        + rect(148, 124, 304, 24, WOOD, 6)
    )


def _desk_calendar(paint: Paint) -> str:
    one = line("M250 306L276 286V392", PAPER, 16)
    seven = line("M330 290H384L346 392", PAPER, 16)
    block = "M{0} 250H{1}V430H{0}Z"
    return (
        solid(block.format(168, 290), Box(168, 250, 290, 430), paint)
        + solid(block.format(300, 432), Box(300, 250, 432, 430), paint)
        + group(one, "translate(-30 4)")
        + group(seven, "translate(10 4)")
        + rect(130, 428, 340, 42, paint.dark, 8)
        + rect(168, 206, 264, 38, paint.light, 4)
    )


def _cards(paint: Paint) -> str:
    flower = "".join(
        group(ellipse(0, -34, 16, 26, paint.main), f"translate(250 258) rotate({i * 60})") for i in range(6)
    )
    card = (
        rect(150, 160, 200, 270, "#000", 4, 0.12)
        + rect(144, 152, 204, 272, PAPER, 4)
        + line("M250 280V380", LEAF_DARK, 7)
        + flower
        + circle(250, 258, 17, paint.accent)
    )
    return group(_envelope(paint), "translate(60 64) rotate(8 300 300)") + group(card, "rotate(-7 240 300)")


def _envelope(paint: Paint) -> str:
    return (
        rect(130, 210, 340, 226, paint.main, 8)
        + path("M130 428L262 316H338L470 428Q470 436 462 436H138Q130 436 130 428Z", paint.light, 0.5)
        + path("M134 212H466L300 338Z", paint.dark)
        + circle(300, 326, 24, paint.accent)
    )


def _airmail(paint: Paint) -> str:
    colours = ("#bf4a42", "#34466b")
    edge = "".join(path(f"M{100 + i * 32} 186h16l-10 16h-16Z", colours[i % 2]) for i in range(13))
    return (
        rect(98, 186, 412, 270, "#000", 4, 0.12)
        + rect(90, 178, 420, 270, PAPER, 4)
        + group(edge, "translate(0 -4)")
        + group(edge, "translate(0 242)")
        + rect(412, 220, 66, 78, paint.main, 3)
        + circle(445, 256, 20, paint.light)
        + line("M150 320H330M150 352H290M150 384H310", INK_SOFT, 6, 0.6)
    )


NOTEBOOK = hanging(_notebook)
BY_WORD = {
    "notebook": NOTEBOOK,
    "journal": NOTEBOOK,
    "album": hanging(_album),
    "sketchbook": hanging(_sketchbook),
    "pad": hanging(_pad),
    "desk pad": hanging(_squares_pad),
    "planner": hanging(_planner),
    "calendar": hanging(_calendar),
    "desk calendar": standing(_desk_calendar, "beech"),
    "card": hanging(_cards),
    "envelope": hanging(_airmail),
}
BY_CATEGORY = {"notebooks": NOTEBOOK}
