"""Shapes of bags."""

from seeds.pictures.canvas import (
    BRASS,
    COPPER,
    INK,
    PAPER,
    STEEL,
    STEEL_DARK,
    Box,
    Paint,
    circle,
    group,
    line,
    path,
    rect,
    solid,
)
from seeds.pictures.shapes.shape import standing


def _backpack(paint: Paint) -> str:
    return (
        line("M256 150C256 96 344 96 344 150", paint.deep, 15)
        + rect(140, 300, 56, 140, paint.deep, 22)
        + rect(404, 300, 56, 140, paint.deep, 22)
        + solid(
            "M174 250Q174 140 300 140Q426 140 426 250V436Q426 470 392 470H208Q174 470 174 436Z",
            Box(174, 140, 426, 470),
            paint,
        )
        + solid(
            "M204 330H396V430Q396 446 380 446H220Q204 446 204 430Z",
            Box(204, 330, 396, 446),
            paint,
            paint.dark,
            patterned=True,
        )
        + line("M200 262Q300 290 400 262", paint.deep, 7)
        + rect(284, 322, 32, 36, paint.accent, 6)
    )


def _roll_top(paint: Paint) -> str:
    return (
        solid("M180 230H420V436Q420 470 386 470H214Q180 470 180 436Z", Box(180, 230, 420, 470), paint)
        + rect(160, 146, 280, 54, paint.dark, 27)
        + path("M176 190H424L420 244H180Z", paint.main)
        + rect(208, 160, 24, 190, COPPER, 4)
        + rect(368, 160, 24, 190, COPPER, 4)
        + line("M210 300H230M370 300H390", BRASS, 11)
        + rect(206, 360, 188, 84, paint.dark, 10)
    )


def _trekking_pack(paint: Paint) -> str:
    return (
        rect(150, 330, 50, 116, paint.deep, 20)
        + rect(400, 330, 50, 116, paint.deep, 20)
        + rect(196, 78, 208, 44, paint.accent, 22)
        + solid(
            "M186 190Q190 130 300 130Q410 130 414 190V430Q414 470 374 470H226Q186 470 186 430Z",
            Box(186, 130, 414, 470),
            paint,
        )
        + path("M178 200Q176 112 300 112Q424 112 422 200Q300 236 178 200Z", paint.dark)
        + line("M236 210V460M364 210V460", paint.deep, 13)
        + rect(226, 250, 20, 26, BRASS, 4)
        + rect(354, 250, 20, 26, BRASS, 4)
    )


def _tote(paint: Paint) -> str:
    return (
        line("M226 270C226 90 374 90 374 270", paint.dark, 20)
        + solid(
            "M150 240H450L438 452Q436 470 418 470H182Q164 470 162 452Z", Box(150, 240, 450, 470), paint, patterned=True
        )
        + line("M154 262H446", paint.dark, 5)
        + line("M226 244V306M374 244V306", paint.dark, 20)
    )


def _gallery_tote(paint: Paint) -> str:
    motifs = (
        circle(300, 366, 62, paint.accent),
        path("M238 428A62 62 0 0 1 362 428ZM238 360A62 62 0 0 1 362 360Z", paint.accent),
        path("M300 300L366 428H234Z", paint.accent),
    )
    plain = line("M236 260C236 70 364 70 364 260", paint.dark, 15) + solid(
        "M160 230H440V470H160Z", Box(160, 230, 440, 470), paint
    )
    return plain + motifs[paint.variation % len(motifs)]


def _duffel(paint: Paint) -> str:
    return (
        line("M200 330C200 170 400 170 400 330", paint.deep, 17)
        + solid(
            "M120 280H480Q520 300 520 380Q520 450 480 470H120Q80 450 80 380Q80 300 120 280Z",
            Box(80, 280, 520, 470),
            paint,
            patterned=True,
        )
        + path("M120 280Q160 300 160 376Q160 450 120 470Q80 450 80 380Q80 300 120 280Z", paint.dark)
        + path("M480 280Q440 300 440 376Q440 450 480 470Q520 450 520 380Q520 300 480 280Z", paint.dark)
        + line("M140 300H460", paint.deep, 6)
        + line("M200 300V468M400 300V468", paint.deep, 17)
        + rect(282, 352, 36, 52, COPPER, 6)
    )


def _messenger(paint: Paint) -> str:
    return (
        line("M146 300C120 60 480 60 454 300", paint.deep, 19)
        + solid("M126 280H474V436Q474 470 440 470H160Q126 470 126 436Z", Box(126, 280, 474, 470), paint, paint.dark)
        + solid("M116 262H484V372Q484 402 454 402H146Q116 402 116 372Z", Box(116, 262, 484, 402), paint, patterned=True)
        + rect(282, 372, 36, 60, COPPER, 6)
        + rect(290, 396, 20, 17, BRASS, 3)
    )


def _sling(paint: Paint) -> str:
    return (
        line("M170 330C90 60 420 40 440 300", paint.deep, 19)
        + solid(
            "M180 286H420Q470 300 466 370Q456 470 380 470H220Q144 470 134 370Q130 300 180 286Z",
            Box(134, 286, 466, 470),
            paint,
            patterned=True,
        )
        + line("M176 336Q300 362 424 336", paint.deep, 7)
        + rect(416, 330, 13, 48, BRASS, 6)
    )


def _crossbody(paint: Paint) -> str:
    return (
        line("M170 300C150 20 450 20 430 300", paint.deep, 11)
        + solid("M160 280H440V446Q440 470 416 470H184Q160 470 160 446Z", Box(160, 280, 440, 470), paint)
        + path("M156 272H444V350Q400 404 300 408Q200 404 156 350Z", paint.dark)
        + circle(300, 400, 19, BRASS)
    )


def _pannier(paint: Paint) -> str:
    return (
        rect(210, 150, 40, 60, INK, 8)
        + rect(350, 150, 40, 60, INK, 8)
        + rect(176, 170, 248, 50, paint.dark, 22)
        + solid("M184 204H416L432 440Q432 470 402 470H198Q168 470 168 440Z", Box(168, 204, 432, 470), paint)
        + rect(172, 360, 256, 34, PAPER)
        + rect(284, 190, 32, 110, paint.deep, 6)
        + rect(278, 270, 44, 34, BRASS, 6)
    )


def _pouch(paint: Paint) -> str:
    return (
        solid(
            "M126 300Q130 280 150 280H450Q470 280 474 300L486 430Q488 470 450 470H150Q112 470 114 430Z",
            Box(114, 280, 486, 470),
            paint,
            patterned=True,
        )
        + line("M132 302H468", paint.deep, 15)
        + line("M140 302H460", BRASS, 5)
        + line("M468 302L498 330", BRASS, 11)
        + rect(486, 324, 26, 62, COPPER, 10)
    )


def _pencil_roll(paint: Paint) -> str:
    tips = "".join(
        rect(x, 190, 26, 120, colour) + path(f"M{x} 190h26l-13-40Z", "#ecd3aa") + path(f"M{x + 8} 166h10l-5-16Z", INK)
        for x, colour in zip(
            range(150, 440, 48), ("#bf4a42", "#d7a53b", "#5c8a5a", "#3d8487", "#34466b", "#76496a"), strict=False
        )
    )
    seams = line("".join(f"M{x} 282V462" for x in range(139, 460, 48)), paint.dark, 4)
    return (
        tips
        + solid("M110 270H490V470H110Z", Box(110, 270, 490, 470), paint)
        + seams
        + line("M490 360C540 350 530 420 560 410", COPPER, 9)
    )


def _three_pouches(paint: Paint) -> str:
    return (
        group(_pouch(paint), "translate(120 -10) scale(.6)")
        + group(_pouch(paint), "translate(60 -6) scale(.8)")
        + _pouch(paint)
    )


def _sleeve(paint: Paint) -> str:
    return (
        path("M150 150H450Q462 150 462 162V280H138V162Q138 150 150 150Z", STEEL)
        + rect(150, 162, 300, 110, STEEL_DARK, 4)
        + solid("M112 220H488V446Q488 470 464 470H136Q112 470 112 446Z", Box(112, 220, 488, 470), paint)
        + rect(112, 214, 376, 30, COPPER, 6)
        + line("M140 300H220", paint.dark, 7)
    )


TOTE = standing(_tote)
BY_WORD = {
    "backpack": standing(_backpack),
    "roll top backpack": standing(_roll_top),
    "trekking backpack": standing(_trekking_pack),
    "tote": TOTE,
    "gallery tote": standing(_gallery_tote),
    "duffel": standing(_duffel),
    "messenger bag": standing(_messenger),
    "sling bag": standing(_sling),
    "crossbody bag": standing(_crossbody),
    "pannier": standing(_pannier),
    "pannier bag": standing(_pannier),
    "pouch": standing(_pouch),
    "pencil pouch": standing(_pencil_roll),
    "pouch trio": standing(_three_pouches),
    "sleeve pouch": standing(_sleeve),
}
BY_CATEGORY = {"bags": standing(_backpack)}
