"""Shapes of toys that drive and sail."""

from seeds.pictures.canvas import (
    BRASS,
    INK,
    INK_SOFT,
    LEAF,
    LEAF_DARK,
    PAPER,
    WOOD,
    WOOD_DARK,
    Box,
    Paint,
    circle,
    group,
    line,
    path,
    rect,
    solid,
)
from seeds.pictures.shapes.shape import hanging, standing


def wheel(x: float, y: float, radius: float) -> str:
    """A wooden wheel."""
    return circle(x, y, radius, INK_SOFT) + circle(x, y, radius * 0.55, WOOD) + circle(x, y, radius * 0.18, INK_SOFT)


def _train(paint: Paint) -> str:
    return (
        circle(180, 170, 22, PAPER, 0.9)
        + circle(214, 146, 30, PAPER, 0.9)
        + circle(262, 130, 24, PAPER, 0.9)
        + rect(150, 206, 46, 100, paint.deep, 6)
        + rect(140, 196, 66, 24, paint.deep, 8)
        + solid("M116 300Q116 280 136 280H330V410H116Z", Box(116, 280, 330, 410), paint)
        + rect(320, 190, 140, 220, paint.dark, 8)
        + rect(346, 226, 88, 74, "#d7e6ea", 6)
        + rect(304, 172, 172, 28, paint.accent, 12)
        + rect(96, 400, 384, 30, paint.deep, 8)
        + wheel(166, 432, 38)
        + wheel(262, 432, 38)
        + wheel(400, 424, 46)
        + circle(236, 270, 26, BRASS)
    )


def _tracks(paint: Paint) -> str:
    ties = "".join(
        group(rect(-12, -224, 24, 88, WOOD_DARK, 4), f"translate(300 310) rotate({i * 20})") for i in range(18)
    )
    rails = (
        f"<g fill='none' stroke='{WOOD}' stroke-width='14'>"
        "<circle cx='300' cy='310' r='202'/><circle cx='300' cy='310' r='158'/></g>"
    )
    engine = rect(-50, -30, 100, 60, paint.main, 12) + rect(10, -30, 40, 60, paint.dark, 10) + circle(-24, 0, 13, BRASS)
    return (
        ties
        + rails
        + group(engine, "translate(300 130)")
        + group(rect(-40, -26, 80, 52, paint.accent, 10), "translate(422 184) rotate(42)")
        + circle(280, 320, 46, LEAF)
        + circle(330, 336, 34, LEAF_DARK)
    )


def _car(paint: Paint) -> str:
    return (
        solid(
            "M70 410Q66 340 150 330L220 260Q236 244 262 244H360Q396 244 416 276L446 326Q530 330 530 390V410"
            "Q530 430 510 430H90Q72 430 70 410Z",
            Box(70, 244, 530, 430),
            paint,
        )
        + path("M236 326L276 280Q280 274 290 274H318V326Z", "#d7e6ea")
        + path("M334 326V274H358Q376 274 386 290L408 326Z", "#d7e6ea")
        + circle(300, 378, 34, PAPER)
        + line("M286 364H314L296 396", INK, 8)
        + wheel(168, 424, 46)
        + wheel(432, 424, 46)
    )


def _van(paint: Paint) -> str:
    return (
        solid("M70 210Q70 190 90 190H380V430H70Z", Box(70, 190, 380, 430), paint, patterned=True)
        + path("M380 250H450Q470 250 482 272L520 340Q530 350 530 370V430H380Z", paint.dark)
        + path("M400 272H446Q456 272 462 284L488 336H400Z", "#d7e6ea")
        + rect(176, 260, 98, 92, WOOD, 6)
        + line("M176 306H274M225 260V352", PAPER, 8)
        + wheel(166, 428, 42)
        + wheel(440, 428, 42)
    )


def _fire_engine(paint: Paint) -> str:
    rungs = "".join(f"M{120 + i * 42} 200V236" for i in range(9))
    ladder = line("M100 200H490M100 236H490" + rungs, WOOD, 11)
    return (
        group(ladder, "rotate(-10 140 240)")
        + solid("M70 280H380V420H70Z", Box(70, 280, 380, 420), paint, "#bf4a42")
        + path("M372 232H480Q500 232 508 252L530 340V420H372Z", "#a53d37")
        + path("M396 254H466Q478 254 484 270L500 330H396Z", "#d7e6ea")
        + rect(70, 352, 310, 24, PAPER)
        + rect(410, 208, 44, 26, "#3f6ea8", 8)
        + wheel(160, 426, 44)
        + wheel(440, 426, 44)
    )


def _boat(paint: Paint) -> str:
    return (
        line("M300 130V380", WOOD_DARK, 13)
        + path("M286 150V356H130Q230 290 286 150Z", PAPER)
        + path("M314 130V356H450Q400 220 314 130Z", paint.light)
        + path("M300 120L350 136L300 150Z", paint.accent)
        + solid("M110 380H490Q470 470 400 470H200Q130 470 110 380Z", Box(110, 380, 490, 470), paint)
        + rect(118, 392, 364, 16, PAPER, opacity=0.8)
    )


def _steamer(paint: Paint) -> str:
    return (
        circle(352, 128, 24, PAPER)
        + circle(390, 104, 30, PAPER)
        + rect(286, 166, 72, 100, paint.accent, 6)
        + rect(286, 192, 72, 24, PAPER)
        + rect(180, 262, 240, 62, PAPER, 8)
        + rect(140, 322, 320, 62, WOOD, 8)
        + "".join(circle(x, 292, 15, paint.dark) for x in (220, 270, 330, 380))
        + solid("M90 380H510Q490 470 420 470H180Q110 470 90 380Z", Box(90, 380, 510, 470), paint)
    )


BY_WORD = {
    "train": standing(_train),
    "track set": hanging(_tracks),
    "car": standing(_car),
    "racing car": standing(_car),
    "van car": standing(_van),
    "brigade car": standing(_fire_engine),
    "boat": standing(_boat),
    "stacking sailing boat": standing(_steamer),
}
