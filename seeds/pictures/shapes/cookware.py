"""Shapes of the kitchen: pans, pots, knives, boards and small tools."""

from seeds.pictures.canvas import (
    BRASS,
    INK,
    LEAF_DARK,
    PAPER,
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


def _pan(paint: Paint) -> str:
    return (
        line("M362 372L486 496", paint.deep, 34)
        + circle(479, 489, 7, PAPER)
        + circle(258, 268, 162, paint.dark)
        + circle(258, 268, 138, paint.deep)
        + path(
            "M190 260C180 200 260 180 300 214C350 220 350 290 310 300C290 350 210 340 204 306C180 300 182 280 190 260Z",
            "#fffaf0",
        )
        + circle(262, 262, 36, "#efb73e")
        + circle(252, 252, 9, "#fff", 0.6)
    )


def _saucepan(paint: Paint) -> str:
    return (
        rect(390, 318, 156, 24, paint.deep, 12)
        + solid("M150 290H400V428Q400 470 358 470H192Q150 470 150 428Z", Box(150, 290, 400, 470), paint, patterned=True)
        + path("M138 292Q275 216 412 292Z", paint.dark)
        + rect(266, 226, 18, 26, paint.deep)
        + ellipse(275, 226, 28, 11, paint.deep)
    )


def _casserole(paint: Paint) -> str:
    return (
        line("M150 346H108V380H150M450 346H492V380H450", paint.dark, 20)
        + solid("M146 310H454V414Q454 470 398 470H202Q146 470 146 414Z", Box(146, 310, 454, 470), paint, patterned=True)
        + path("M132 312Q300 214 468 312Z", paint.dark)
        + rect(290, 236, 20, 30, BRASS)
        + ellipse(300, 236, 34, 13, BRASS)
    )


def _stock_pot(paint: Paint) -> str:
    return (
        line("M168 290H128V330H168M432 290H472V330H432", paint.dark, 18)
        + solid("M164 216H436V440Q436 470 406 470H194Q164 470 164 440Z", Box(164, 216, 436, 470), paint)
        + path("M152 218Q300 158 448 218Z", paint.dark)
        + line("M268 174C268 136 332 136 332 174", paint.deep, 14)
    )


def _kettle(paint: Paint) -> str:
    body = "M176 470C132 400 184 286 240 262H360C416 286 468 400 424 470Z"
    return (
        path("M410 340L494 268L512 296L430 420Z", paint.dark)
        + line("M214 276C204 120 396 120 386 276", INK, 20)
        + solid(body, Box(160, 262, 440, 470), paint, patterned=True)
        + ellipse(300, 262, 64, 12, paint.dark)
        + circle(300, 244, 16, INK)
    )


def _knife(paint: Paint) -> str:
    knife = (
        path("M96 296Q120 356 250 352H372V284H330Q180 288 96 296Z", STEEL)
        + path("M100 306Q126 356 250 352H372V336H250Q150 338 100 306Z", "#e9edf0")
        + rect(366, 282, 22, 72, STEEL_DARK)
        + solid("M388 286H500Q526 292 522 322Q516 350 488 346L388 340Z", Box(388, 286, 524, 346), paint)
        + circle(420, 314, 7, BRASS)
        + circle(462, 316, 7, BRASS)
    )
    return group(knife, "rotate(-34 300 310)")


def _board(paint: Paint) -> str:
    grain = "M214 190V450M252 190V450M346 190V450M386 190V450"
    return (
        solid(
            "M196 130H404Q428 130 428 154V446Q428 470 404 470H196Q172 470 172 446V154Q172 130 196 130Z",
            Box(172, 130, 428, 470),
            paint,
        )
        + line(grain, paint.dark, 4, 0.45)
        + circle(300, 170, 17, paint.deep)
        + circle(392, 436, 34, "#c9503f")
        + path("M392 404L404 388L396 404L416 402L396 412L384 410L370 404Z", LEAF_DARK)
    )


def _spoons(paint: Paint) -> str:
    spoon = (
        ellipse(300, 196, 38, 58, paint.main)
        + ellipse(300, 200, 25, 42, paint.dark)
        + rect(290, 246, 20, 224, paint.main, 10)
    )
    turner = rect(268, 146, 64, 108, paint.dark, 20) + rect(290, 246, 20, 224, paint.dark, 10)
    return group(turner, "rotate(-20 300 520)") + group(spoon, "rotate(20 300 520)") + spoon


def _mortar(paint: Paint) -> str:
    return (
        line("M318 320L424 168", paint.dark, 34)
        + circle(424, 168, 24, paint.dark)
        + solid(
            "M156 300H444C444 400 396 440 356 446V470H244V446C204 440 156 400 156 300Z",
            Box(156, 300, 444, 470),
            paint,
            patterned=True,
        )
        + rect(144, 286, 312, 28, paint.dark, 14)
    )


def _moka(paint: Paint) -> str:
    return (
        line("M382 196H456V318", INK, 22)
        + solid("M206 352H394L418 470H182Z", Box(182, 352, 418, 470), paint)
        + rect(204, 328, 192, 26, paint.dark, 6)
        + solid("M186 180H398L376 330H224Z", Box(186, 180, 398, 330), paint)
        + path("M186 180L156 174L216 240Z", paint.dark)
        + path("M186 180L300 138L398 180Z", paint.dark)
        + circle(300, 134, 15, INK)
    )


def _mill(paint: Paint) -> str:
    body = (
        "M240 470C236 400 268 370 262 330C258 300 246 284 246 262H354C354 284 342 300 338 330C332 370 364 400 360 470Z"
    )
    return (
        solid(body, Box(240, 262, 360, 470), paint)
        + rect(244, 248, 112, 14, STEEL)
        + solid("M250 248C244 180 356 180 350 248Z", Box(248, 180, 352, 248), paint)
        + circle(300, 172, 17, STEEL_DARK)
    )


def _colander(paint: Paint) -> str:
    holes = "".join(
        f"M{x} {y}h0" for y in (350, 386, 420) for x in range(214 + (y - 350) // 3, 390 - (y - 350) // 3, 34)
    )
    return (
        line("M146 316H104V346H160M454 316H496V346H440", paint.dark, 18)
        + solid(
            "M136 300H464C460 390 410 440 360 450L372 470H228L240 450C190 440 140 390 136 300Z",
            Box(136, 300, 464, 470),
            paint,
        )
        + line(holes, paint.deep, 13)
        + rect(126, 290, 348, 22, paint.dark, 11)
    )


def _whisk(paint: Paint) -> str:
    wires = (
        "M300 330C180 260 200 130 300 130C400 130 420 260 300 330"
        "M300 330C236 260 246 130 300 130C354 130 364 260 300 330"
    )
    return line(wires, STEEL_DARK, 7) + line("M300 130V330", STEEL_DARK, 7) + rect(282, 322, 36, 148, paint.main, 16)


def _loaf_pan(paint: Paint) -> str:
    return (
        path("M168 352C140 270 230 250 260 270C300 244 350 250 370 270C430 256 456 300 432 352Z", "#c68a4e")
        + line("M236 300L262 330M300 292L322 326M366 296L384 326", "#f0d3a4", 10)
        + solid("M132 340H468L436 470H164Z", Box(132, 340, 468, 470), paint)
        + rect(120, 332, 360, 20, paint.dark, 10)
    )


def _roasting_pan(paint: Paint) -> str:
    return (
        line("M190 366C190 306 260 306 260 366M340 366C340 306 410 306 410 366", paint.deep, 16)
        + solid("M96 366H504L478 450Q472 470 450 470H150Q128 470 122 450Z", Box(96, 366, 504, 470), paint)
        + rect(84, 358, 432, 22, paint.dark, 11)
    )


def _tagine(paint: Paint) -> str:
    return (
        solid(
            "M160 408C270 380 262 230 278 180H322C338 230 330 380 440 408Z",
            Box(160, 180, 440, 408),
            paint,
            patterned=True,
        )
        + circle(300, 172, 30, paint.dark)
        + solid("M128 404H472Q464 470 400 470H200Q136 470 128 404Z", Box(128, 404, 472, 470), paint, paint.dark)
    )


PAN = hanging(_pan, "charcoal")
BY_WORD = {
    "pan": PAN,
    "skillet": PAN,
    "saucepan": standing(_saucepan, "copper"),
    "casserole": standing(_casserole),
    "casserole lid": standing(_casserole),
    "stock pot": standing(_stock_pot, "steel"),
    "kettle": standing(_kettle),
    "knife": hanging(_knife, "walnut"),
    "board": standing(_board, "oak"),
    "spoon": standing(_spoons, "olivewood"),
    "mortar": standing(_mortar, "grey"),
    "moka pot": standing(_moka, "silver"),
    "mill": standing(_mill, "beech"),
    "colander": standing(_colander),
    "whisk": standing(_whisk, "steel"),
    "loaf pan": standing(_loaf_pan, "steel"),
    "roasting pan": standing(_roasting_pan, "steel"),
    "tagine": standing(_tagine, "terracotta"),
}
BY_CATEGORY = {"cookware": PAN}
