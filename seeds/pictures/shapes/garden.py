"""Shapes of the garden: cans, pots, tools, seeds."""

from seeds.pictures.canvas import (
    BRASS,
    COPPER,
    INK,
    INK_SOFT,
    LEAF,
    LEAF_DARK,
    PAPER,
    STEEL,
    STEEL_DARK,
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


def _plant(height: int) -> str:
    leaf = path("M0 0Q-46-40-30-120Q30-70 0 0Z", LEAF)
    leaves = "".join(
        group(leaf, f"translate(300 300) rotate({turn}) scale({height / 100:.2f})") for turn in (-52, 52, -20, 34)
    )
    return leaves + group(
        path("M0 0Q-40-60 0-150Q40-60 0 0Z", LEAF_DARK), f"translate(300 300) scale({height / 100:.2f})"
    )


def _watering_can(paint: Paint) -> str:
    return (
        line("M384 300C500 250 500 440 392 420", paint.dark, 19)
        + path("M204 380L96 232L118 216L226 316Z", paint.dark)
        + path("M70 248L118 196L134 214L90 260Z", BRASS)
        + line("M230 276C240 180 360 180 370 276", paint.dark, 17)
        + solid("M200 276H400V450Q400 470 380 470H220Q200 470 200 450Z", Box(200, 276, 400, 470), paint, patterned=True)
        + ellipse(300, 276, 100, 15, paint.deep)
    )


def _plant_pot(paint: Paint) -> str:
    return (
        _plant(120)
        + solid(
            "M206 330H394L374 456Q372 470 358 470H242Q228 470 226 456Z", Box(206, 330, 394, 470), paint, patterned=True
        )
        + rect(190, 292, 220, 46, paint.dark, 8)
    )


def _planter(paint: Paint) -> str:
    return (
        group(_plant(110), "translate(0 10)")
        + solid(
            "M170 310H430C450 400 410 470 360 470H240C190 470 150 400 170 310Z",
            Box(160, 310, 440, 470),
            paint,
            patterned=True,
        )
        + ellipse(300, 310, 130, 15, paint.deep)
    )


def _window_box(paint: Paint) -> str:
    herbs = "".join(group(_plant(84), f"translate({x} 40) ") for x in (-130, -44, 44, 130))
    blossoms = "".join(circle(x, y, 15, paint.accent) for x, y in ((150, 236), (250, 214), (356, 226), (450, 240)))
    return (
        herbs
        + blossoms
        + solid("M90 336H510L490 470H110Z", Box(90, 336, 510, 470), paint, patterned=True)
        + rect(78, 324, 444, 24, paint.dark, 8)
    )


def _trowel(paint: Paint) -> str:
    tool = (
        solid("M276 90Q300 70 324 90L318 240H282Z", Box(276, 80, 324, 240), paint, WOOD)
        + rect(280, 236, 40, 22, paint.main)
        + line("M300 258V316", STEEL_DARK, 15)
        + path("M246 310Q300 296 354 310L346 420Q336 486 300 516Q264 486 254 420Z", STEEL)
        + path("M300 302Q328 300 354 310L346 420Q336 486 300 516Z", STEEL_DARK, 0.6)
    )
    return group(tool, "rotate(30 300 300)")


def _hand_fork(paint: Paint) -> str:
    tool = (
        solid("M276 90Q300 70 324 90L318 240H282Z", Box(276, 80, 324, 240), paint, WOOD)
        + rect(280, 236, 40, 22, paint.main)
        + line("M300 258V500M300 350C240 340 240 380 244 492M300 350C360 340 360 380 356 492", STEEL_DARK, 16)
    )
    return group(tool, "rotate(30 300 300)")


def _spade(paint: Paint) -> str:
    return (
        line("M300 110V300", WOOD, 20)
        + line("M252 104H348", paint.main, 24)
        + path("M222 290H378L370 420Q352 464 300 470Q248 464 230 420Z", STEEL)
        + path("M300 290H378L370 420Q352 464 300 470Z", STEEL_DARK, 0.55)
        + path("M280 250H320L328 350H272Z", paint.dark)
    )


def _garden_fork(paint: Paint) -> str:
    return (
        line("M300 110V310", WOOD, 20)
        + line("M252 104H348", paint.main, 24)
        + line("M228 460V340Q228 316 252 316H348Q372 316 372 340V460M276 318V464M324 318V464", STEEL_DARK, 15)
        + path("M280 250H320L328 326H272Z", paint.dark)
    )


def _secateurs(paint: Paint) -> str:
    tool = (
        path("M300 280Q228 220 250 110Q310 180 330 270Z", STEEL)
        + path("M300 290Q370 250 366 170Q330 170 290 262Z", STEEL_DARK)
        + line("M318 290C360 360 360 420 330 500", paint.main, 32)
        + line("M286 290C244 360 250 420 268 500", paint.dark, 32)
        + circle(304, 284, 21, INK_SOFT)
        + line("M290 350Q310 362 326 350", STEEL_DARK, 9)
    )
    return group(tool, "rotate(20 300 300)")


def _garden_gloves(paint: Paint) -> str:
    glove = solid(
        "M176 470V330L150 270Q140 240 166 236L196 280V170Q200 146 218 150Q232 154 232 180V150Q236 128 254 130"
        "Q270 134 270 156V172Q276 152 292 156Q306 162 304 184V210Q312 196 326 204Q334 212 330 236V340V470Z",
        Box(146, 130, 334, 470),
        paint,
    ) + rect(170, 410, 166, 60, paint.dark, 8)
    return group(glove, "translate(270 108) rotate(7) scale(.72)") + group(glove, "translate(10 61) scale(.87)")


def _basket(paint: Paint) -> str:
    weave = line("M130 350H470M138 388H462M148 426H452", paint.dark, 7, 0.6)
    staves = line("M190 320L202 468M246 320L252 470M300 320V470M354 320L348 470M410 320L398 468", paint.dark, 6, 0.5)
    fruit = (
        circle(220, 306, 40, "#c9503f")
        + circle(302, 296, 46, "#d9963a")
        + circle(384, 308, 38, LEAF)
        + path("M214 264L236 236L228 270Z", LEAF_DARK)
    )
    return (
        line("M136 330C150 110 450 110 464 330", paint.dark, 19)
        + fruit
        + solid("M116 320H484L448 450Q442 470 420 470H180Q158 470 152 450Z", Box(116, 320, 484, 470), paint)
        + weave
        + staves
    )


def _seeds(paint: Paint) -> str:
    petals = "".join(
        group(ellipse(0, -38, 19, 30, paint.accent), f"translate(300 290) rotate({i * 45})") for i in range(8)
    )
    packet = (
        rect(196, 122, 216, 346, "#000", 4, 0.14)
        + solid("M190 116H410V460H190Z", Box(190, 116, 410, 460), paint)
        + rect(190, 116, 220, 44, paint.dark)
        + rect(214, 190, 172, 230, PAPER, 8)
        + line("M300 320V400M300 384Q330 370 340 350M300 392Q270 380 260 362", LEAF_DARK, 8)
        + petals
        + circle(300, 290, 21, "#7e573b")
    )
    return group(packet, f"rotate({paint.variation % 11 - 5} 300 300)")


def _nesting_box(paint: Paint) -> str:
    return (
        solid("M194 270L300 180L406 270V470H194Z", Box(194, 180, 406, 470), paint)
        + line("M194 330H406M194 396H406", paint.dark, 4, 0.5)
        + path("M300 130L448 256L426 284L300 180L174 284L152 256Z", paint.deep)
        + circle(300, 310, 34, INK)
        + line("M300 380H300V372", INK, 9)
        + rect(292, 372, 16, 40, WOOD_DARK, 8)
    )


def _bird_feeder(paint: Paint) -> str:
    bird = path("M0 0Q10-44 56-40Q84-40 86-16L104-8L84 0Q76 28 40 26Q10 26-34 6Z", paint.accent) + circle(
        68, -20, 5, INK
    )
    return (
        line("M300 60V150", INK_SOFT, 6)
        + path("M300 130L480 260H120Z", paint.dark)
        + line("M190 260V400M410 260V400", paint.deep, 15)
        + rect(240, 270, 120, 110, "#e2c787", 8)
        + solid("M120 396H480L462 440H138Z", Box(120, 396, 480, 440), paint)
        + group(bird, "translate(390 372) scale(.9)")
        + line("M300 440V470", paint.deep, 22)
    )


def _spool(paint: Paint) -> str:
    turns = line("".join(f"M196 {y}Q300 {y + 22} 404 {y}" for y in range(256, 420, 20)), paint.dark, 6, 0.6)
    return (
        line("M396 400C470 400 440 470 520 462", paint.main, 9)
        + solid("M196 236H404V430H196Z", Box(196, 236, 404, 430), paint)
        + turns
        + rect(160, 206, 280, 36, WOOD, 12)
        + rect(160, 430, 280, 40, WOOD_DARK, 12)
    )


def _markers(paint: Paint) -> str:
    marker = (
        path("M-30 200Q-30 180-10 180H10Q30 180 30 200V300H-30Z", COPPER)
        + path("M-12 300H12L4 470H-4Z", COPPER)
        + line("M-14 216H14M-14 240H10M-14 264H14", PAPER, 5)
    )
    sprouts = "".join(
        group(path("M0 0Q-30-10-36-40Q-2-36 0 0Q2-36 36-40Q30-10 0 0Z", LEAF), f"translate({x} 470)")
        for x in (150, 260, 370, 470)
    )
    return (
        group(marker, "translate(204 0) rotate(-5)")
        + group(marker, "translate(312 -20)")
        + group(marker, "translate(420 10) rotate(5 0 470)")
        + sprouts
    )


def _dibber(paint: Paint) -> str:
    tool = solid(
        "M270 96Q300 76 330 96L326 200H322L316 420L300 486L284 420L278 200H274Z", Box(270, 80, 330, 486), paint, WOOD
    ) + line("M280 260H320M282 310H318M284 360H316", WOOD_DARK, 5)
    line_reel = circle(400, 400, 54, paint.main) + line(
        "M370 380Q400 420 430 380M372 410Q400 440 428 410", paint.light, 6
    )
    return group(tool, "rotate(-22 300 300)") + line_reel


CAN = standing(_watering_can)
POT = standing(_plant_pot, "terracotta")
BY_WORD = {
    "watering can": CAN,
    "plant pot": POT,
    "pot": POT,
    "planter": standing(_planter),
    "box planter": standing(_window_box),
    "trowel": hanging(_trowel, "forest"),
    "hand fork": hanging(_hand_fork, "forest"),
    "spade": standing(_spade, "forest"),
    "garden fork": standing(_garden_fork, "forest"),
    "secateurs": hanging(_secateurs),
    "snips": hanging(_secateurs),
    "garden gloves": standing(_garden_gloves),
    "basket": standing(_basket, "natural"),
    "seed": hanging(_seeds),
    "seed box": hanging(_seeds),
    "nesting box": standing(_nesting_box, "larch"),
    "feeder": standing(_bird_feeder, "oak"),
    "twine": standing(_spool, "natural"),
    "marker": standing(_markers, "copper"),
    "dibber": hanging(_dibber),
}
BY_CATEGORY = {"garden": POT}
