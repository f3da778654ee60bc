"""Shapes of the desk: pens, pencils, inks and office tools."""

from seeds.pictures.canvas import (
    BRASS,
    COPPER,
    INK,
    INK_SOFT,
    PAPER,
    PAPER_DARK,
    STEEL,
    STEEL_DARK,
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


def _fountain_pen(paint: Paint) -> str:
    pen = (
        solid("M276 96Q276 76 300 76Q324 76 324 96V380H276Z", Box(276, 76, 324, 380), paint)
        + rect(270, 230, 60, 20, BRASS, 4)
        + rect(322, 110, 10, 130, BRASS, 5)
        + path("M282 380H318L312 440H288Z", INK)
        + path("M288 440H312L300 510Z", BRASS)
        + line("M300 462V500", INK, 3)
    )
    return group(pen, "rotate(40 300 300)") + line("M96 506C130 480 136 520 168 496", paint.dark, 6)


def _ballpoint(paint: Paint) -> str:
    pen = (
        rect(288, 70, 24, 40, STEEL_DARK, 6)
        + solid("M274 104H326V430L308 492H292L274 430Z", Box(274, 104, 326, 492), paint)
        + rect(322, 120, 11, 130, STEEL, 5)
        + rect(272, 286, 56, 12, STEEL)
        + path("M292 492H308L300 516Z", STEEL_DARK)
    )
    return group(pen, "rotate(38 300 300)")


def _pencil(colour: str, tip: str) -> str:
    return (
        rect(278, 150, 44, 270, colour)
        + rect(292, 150, 15, 270, "#fff", opacity=0.18)
        + path("M278 150L300 88L322 150Z", "#ecd3aa")
        + path("M292 112L300 88L308 112Z", tip)
        + rect(278, 420, 44, 20, STEEL)
        + rect(278, 440, 44, 30, "#d98f8a", 6)
    )


def _pencils(paint: Paint) -> str:
    fan = ((-24, paint.dark), (-8, paint.main), (8, paint.light), (24, paint.accent))
    return "".join(
        group(_pencil(colour, INK), f"translate({turn * 5} 0) rotate({turn / 3:.1f} 300 470)") for turn, colour in fan
    )


def _colour_pencils(paint: Paint) -> str:
    colours = ("#bf4a42", "#d9803f", "#e3bd4c", "#5c8a5a", "#3d8487", "#3f6ea8", "#76496a")
    return "".join(
        group(_pencil(colour, colour), f"translate({i * 52 - 156} {20 * ((i + paint.variation) % 3) - 46})")
        for i, colour in enumerate(colours)
    ) + solid("M110 344H490V454Q490 470 474 470H126Q110 470 110 454Z", Box(110, 344, 490, 470), paint, STEEL)


def _brushes(paint: Paint) -> str:
    brush = (
        rect(286, 190, 28, 280, INK, 8)
        + rect(282, 176, 36, 40, STEEL)
        + path("M284 178Q276 120 300 84Q324 120 316 178Z", paint.main)
    )
    return "".join(group(brush, f"translate({x} 0) rotate({x / 14:.1f} 300 470)") for x in (-105, -35, 35, 105))


def _ink_bottle(paint: Paint) -> str:
    return (
        rect(244, 196, 112, 66, INK, 8)
        + rect(258, 262, 84, 24, "#dfe6e8")
        + path("M196 286H404Q436 290 436 326V440Q436 470 406 470H194Q164 470 164 440V326Q164 290 196 286Z", "#dfe8ea")
        + path("M176 336H424V438Q424 458 404 458H196Q176 458 176 438Z", paint.main)
        + rect(216, 350, 168, 78, PAPER, 4)
        + path("M300 360Q326 396 300 416Q274 396 300 360Z", paint.dark)
        + rect(182, 300, 13, 150, "#fff", 6, 0.5)
    )


def _pen_cup(paint: Paint) -> str:
    return (
        group(_pencil(paint.accent, INK), "translate(-44 -30) rotate(-9 300 470) scale(1 .9)")
        + group(_pencil(BRASS, INK), "translate(8 -10)")
        + group(rect(288, 130, 24, 300, INK, 10), "rotate(12 300 470)")
        + solid(
            "M196 286H404L394 452Q392 470 374 470H226Q208 470 206 452Z", Box(196, 286, 404, 470), paint, patterned=True
        )
        + rect(190, 278, 220, 18, paint.dark, 9)
    )


def _desk_tray(paint: Paint) -> str:
    return (
        solid(
            "M120 190H480Q500 190 500 210V400Q500 420 480 420H120Q100 420 100 400V210Q100 190 120 190Z",
            Box(100, 190, 500, 420),
            paint,
        )
        + rect(126, 216, 228, 74, paint.deep, 14)
        + rect(126, 306, 228, 88, paint.deep, 14)
        + rect(370, 216, 104, 178, paint.deep, 14)
        + rect(148, 244, 184, 17, paint.accent, 8)
        + circle(422, 262, 24, BRASS)
        + circle(422, 262, 12, paint.deep)
        + line("M422 288V350M422 334H440", BRASS, 9)
        + line("M170 350H240M180 366H250", STEEL, 6)
    )


def _letter_tray(paint: Paint) -> str:
    sheet = path("M150 0H450L470 26H130Z", PAPER)
    tray = (
        sheet
        + solid("M110 26H490V76H440L424 52H176L160 76H110Z", Box(110, 26, 490, 76), paint)
        + rect(110, 74, 380, 18, paint.dark, 6)
    )
    posts = rect(122, 240, 14, 226, paint.deep) + rect(464, 240, 14, 226, paint.deep)
    return posts + "".join(group(tray, f"translate(0 {y})") for y in (190, 284, 378))


def _scissors(paint: Paint) -> str:
    half = path("M290 290L236 96Q276 110 318 280Z", STEEL) + line("M306 300C330 340 330 350 340 372", paint.main, 24)
    ring = ellipse(372, 424, 46, 58, paint.main) + ellipse(372, 424, 24, 36, PAPER_DARK)
    one = half + group(ring, "rotate(-24 372 424)")
    return group(
        one + group(one, "translate(600 0) scale(-1 1)") + circle(300, 286, 12, INK_SOFT), "rotate(16 300 300)"
    )


def _ruler(paint: Paint) -> str:
    ticks = "".join(f"M{110 + i * 19} 270V{312 if i % 5 == 0 else 294}" for i in range(21))
    body = (
        solid("M90 266H510V354H90Z", Box(90, 266, 510, 354), paint)
        + line(ticks, paint.deep, 4)
        + circle(488, 334, 9, PAPER)
    )
    return group(body, "rotate(-32 300 310)")


def _tape(paint: Paint) -> str:
    body = "M110 470V420Q110 376 160 372H250L300 300Q340 250 390 290L480 380Q490 390 490 410V470Z"
    return (
        circle(300, 318, 100, "#e7d9b2")
        + circle(300, 318, 62, PAPER)
        + solid(body, Box(110, 280, 490, 470), paint)
        + path("M204 300L120 372H150Z", "#e7d9b2")
        + circle(300, 330, 26, paint.dark)
    )


def _stapler(paint: Paint) -> str:
    return (
        rect(96, 440, 408, 30, paint.deep, 12)
        + rect(120, 404, 346, 20, STEEL, 6)
        + solid("M110 408Q96 350 160 338L440 316Q486 316 484 360V408Z", Box(104, 316, 486, 408), paint)
        + path("M420 408H484V446H448Z", paint.dark)
    )


def _desk_mat(paint: Paint) -> str:
    return (
        path("M80 260H520V430H80Z", paint.main)
        + rect(80, 408, 440, 24, COPPER)
        + rect(150, 296, 220, 74, PAPER, 8)
        + line("M168 316H352M168 334H352M168 352H352", PAPER_DARK, 9)
        + rect(410, 300, 46, 70, PAPER, 22)
        + line("M82 258H518", paint.dark, 10)
    )


def _sharpener(paint: Paint) -> str:
    return (
        group(_pencil(paint.accent, INK), "translate(-70 660) rotate(-90) scale(1 .88)")
        + solid("M330 290H484Q500 290 500 306V454Q500 470 484 470H330L300 446V314Z", Box(300, 290, 500, 470), paint)
        + path("M352 330L466 356L458 376L352 358Z", STEEL_DARK)
        + circle(404, 418, 17, STEEL)
        + line("M394 428L414 408", STEEL_DARK, 5)
    )


def _clips(paint: Paint) -> str:
    clip = line("M-26 40V-50Q-26-84 4-84Q34-84 34-50V60Q34 82 14 82Q-6 82-6 60V-40", paint.main, 11)
    places = ((200, 240, -20), (330, 210, 28), (420, 330, -36), (280, 370, 12), (160, 390, 48))
    return "".join(group(clip, f"translate({x} {y}) rotate({turn})") for x, y, turn in places)


def _erasers(paint: Paint) -> str:
    block = "M150 370L250 280H450L360 370Z"
    return (
        path(block, paint.light)
        + path("M360 370L450 280V366L360 456Z", paint.deep)
        + path("M150 370H360V456H150Z", paint.main)
        + path("M250 370H360V456H250Z", PAPER)
        + path("M250 370L346 280H450L360 370Z", "#fffdf6")
        + line("M130 470H180M200 470H216", INK_SOFT, 6, 0.4)
    )


PEN = hanging(_fountain_pen)
BY_WORD = {
    "pen": PEN,
    "fountain pen": PEN,
    "ballpoint pen": hanging(_ballpoint),
    "pencil": standing(_pencils),
    "pencil dozen": standing(_pencils),
    "drafting pencil": hanging(_ballpoint),
    "colour pencil": standing(_colour_pencils),
    "pencil tin": standing(_colour_pencils),
    "brush pen set": standing(_brushes),
    "ink bottle": standing(_ink_bottle),
    "ink": standing(_ink_bottle),
    "pen cup": standing(_pen_cup),
    "desk tray": hanging(_desk_tray, "oak"),
    "letter tray": standing(_letter_tray),
    "scissors": hanging(_scissors, "black"),
    "ruler": hanging(_ruler, "brass"),
    "tape dispenser": standing(_tape),
    "stapler": standing(_stapler),
    "desk mat": hanging(_desk_mat),
    "sharpener": standing(_sharpener, "brass"),
    "clip collection box": hanging(_clips, "brass"),
    "eraser": hanging(_erasers),
}
BY_CATEGORY = {"pens-desk": PEN}
