"""Shapes of the table: mug, bowl, plate, jug, teapot, glasses."""

from seeds.pictures.canvas import (
    LEAF,
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


def _mug(paint: Paint) -> str:
    return (
        line("M376 284C466 262 470 412 366 406", paint.dark, 26)
        + solid(
            "M188 236H384L376 438Q374 470 344 470H228Q198 470 196 438Z", Box(188, 236, 384, 470), paint, patterned=True
        )
        + ellipse(286, 236, 98, 17, paint.dark)
        + ellipse(286, 239, 86, 12, paint.deep)
    )


def _cup(paint: Paint) -> str:
    body = "M190 290H410C410 390 370 452 300 452C230 452 190 390 190 290Z"
    return (
        ellipse(300, 460, 172, 18, paint.dark)
        + ellipse(300, 455, 150, 12, paint.light)
        + line("M402 318C468 306 462 394 384 390", paint.dark, 22)
        + solid(body, Box(190, 290, 410, 452), paint, patterned=True)
        + ellipse(300, 290, 110, 17, paint.dark)
        + ellipse(300, 293, 98, 12, "#5a3d2b")
    )


def _bowl(paint: Paint) -> str:
    body = "M140 300H460C456 396 398 446 354 455V470H246V455C202 446 144 396 140 300Z"
    return (
        solid(body, Box(140, 300, 460, 470), paint, patterned=True)
        + ellipse(300, 300, 160, 26, paint.dark)
        + ellipse(300, 305, 145, 19, paint.light)
    )


def _three_bowls(paint: Paint) -> str:
    return (
        group(_bowl(paint), "translate(52 188) scale(.6)")
        + group(_bowl(paint), "translate(240 235) scale(.5)")
        + group(_bowl(paint), "translate(214 298) scale(.38)")
    )


def _plate(paint: Paint) -> str:
    spokes = 10 + paint.variation % 9
    dots = "".join(
        group(circle(300, 152, 7, paint.accent), f"rotate({360 / spokes * i:.1f} 300 300)") for i in range(spokes)
    )
    return (
        circle(306, 312, 182, "#000", 0.12)
        + circle(300, 300, 182, paint.main)
        + (dots if paint.variation % 2 else "")
        + circle(300, 300, 122, paint.dark)
        + circle(300, 304, 120, paint.light)
        + line("M176 240A140 140 0 0 1 240 176", "#fff", 10, 0.4)
    )


def _platter(paint: Paint) -> str:
    lemon = (
        circle(0, 0, 34, "#e8c14f")
        + circle(0, 0, 26, "#f6e3a1")
        + line("M-22 0H22M-11-19L11 19M-11 19L11-19", "#e8c14f", 4)
    )
    return (
        ellipse(306, 322, 214, 132, "#000", 0.12)
        + ellipse(300, 312, 214, 132, paint.main)
        + ellipse(300, 314, 164, 90, paint.dark)
        + ellipse(300, 318, 162, 88, paint.light)
        + group(lemon, "translate(250 310)")
        + group(lemon, "translate(316 330) scale(.85)")
        + path("M340 300Q390 250 420 300Q380 330 340 300Z", LEAF)
    )


def _jug(paint: Paint) -> str:
    body = "M206 176Q250 198 378 186L370 262C404 320 408 400 384 470H222C196 400 202 320 238 264Z"
    return (
        line("M372 240C466 226 462 400 384 398", paint.dark, 24)
        + solid(body, Box(198, 176, 404, 470), paint, patterned=True)
        + path("M206 176Q250 198 378 186Q300 158 206 176Z", paint.deep)
    )


def _teapot(paint: Paint) -> str:
    body = "M300 230C400 230 430 300 424 360C420 430 370 470 300 470C230 470 180 430 176 360C170 300 200 230 300 230Z"
    return (
        path("M196 390C138 370 152 296 104 264L138 246C186 268 176 312 224 328Z", paint.dark)
        + line("M406 300C494 280 490 420 396 412", paint.dark, 24)
        + solid(body, Box(174, 230, 426, 470), paint, patterned=True)
        + path("M228 246Q300 200 372 246Q300 262 228 246Z", paint.dark)
        + circle(300, 208, 19, paint.accent)
    )


def _tumbler(paint: Paint) -> str:
    return (
        path("M96 226H236L222 452Q220 470 202 470H130Q112 470 110 452Z", paint.main, 0.75)
        + path("M102 310H230L222 452Q220 470 202 470H130Q112 470 110 452Z", paint.dark, 0.55)
        + line("M122 250L132 440", "#fff", 9, 0.5)
    )


def _tumblers(paint: Paint) -> str:
    return group(_tumbler(paint), "translate(56 0)") + group(_tumbler(paint), "translate(214 0)")


def _wine_glass(paint: Paint) -> str:
    return (
        path("M222 130H378C392 260 350 310 300 314C250 310 208 260 222 130Z", paint.main, 0.7)
        + path("M218 214H382C376 280 344 310 300 314C256 310 224 280 218 214Z", "#8c3446")
        + line("M300 314V456", paint.dark, 10)
        + ellipse(300, 460, 74, 12, paint.dark)
        + line("M240 152Q234 220 250 262", "#fff", 8, 0.5)
    )


def _carafe(paint: Paint) -> str:
    body = "M264 160H336V236C404 284 412 380 398 450Q394 470 372 470H228Q206 470 202 450C188 380 196 284 264 236Z"
    return (
        path(body, paint.main, 0.8)
        + path(
            "M199 350H401C404 384 404 416 398 450Q394 470 372 470H228Q206 470 202 450C196 416 196 384 199 350Z",
            paint.dark,
            0.5,
        )
        + circle(300, 142, 36, WOOD)
        + line("M232 300C216 340 216 400 224 440", "#fff", 9, 0.5)
    )


def _butter_dish(paint: Paint) -> str:
    return (
        rect(126, 440, 348, 30, paint.dark, 15)
        + solid("M172 440V352Q172 316 208 316H392Q428 316 428 352V440Z", Box(172, 316, 428, 440), paint, patterned=True)
        + rect(282, 296, 36, 22, paint.dark)
        + ellipse(300, 292, 34, 14, paint.accent)
    )


def _egg_cup(paint: Paint) -> str:
    one = ellipse(0, 286, 58, 76, "#f0d9bd") + solid(
        "M-70 300H70C70 372 40 392 18 396L22 446H56V470H-56V446H-22L-18 396C-40 392-70 372-70 300Z",
        Box(-70, 300, 70, 470),
        paint,
    )
    return group(one, "translate(212 0)") + group(one, "translate(388 0)")


MUG = standing(_mug)
BY_WORD = {
    "mug": MUG,
    "cup": standing(_cup),
    "egg cup": standing(_egg_cup),
    "bowl": standing(_bowl),
    "bowl trio": standing(_three_bowls),
    "plate": hanging(_plate),
    "platter": hanging(_platter),
    "jug": standing(_jug),
    "pitcher": standing(_jug),
    "teapot": standing(_teapot),
    "tumbler": standing(_tumblers),
    "wine glass": standing(_wine_glass),
    "glass": standing(_tumblers),
    "carafe": standing(_carafe),
    "butter dish": standing(_butter_dish),
}
BY_CATEGORY = {"tableware": MUG}
