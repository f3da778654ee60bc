"""Shapes of light: lamps, lanterns, candles."""

from seeds.pictures.canvas import (
    BRASS,
    FLAME,
    GLOW,
    INK,
    INK_SOFT,
    PAPER,
    PAPER_DARK,
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


def _flame(x: float, foot: float) -> str:
    return (
        circle(x, foot - 24, 46, GLOW, 0.5)
        + path(f"M{x} {foot - 62}Q{x + 26} {foot - 24} {x} {foot}Q{x - 26} {foot - 24} {x} {foot - 62}Z", FLAME)
        + path(f"M{x} {foot - 36}Q{x + 12} {foot - 16} {x} {foot}Q{x - 12} {foot - 16} {x} {foot - 36}Z", "#fff3c4")
    )


def _table_lamp(paint: Paint) -> str:
    return (
        path("M176 304L110 470H490L424 304Z", GLOW, 0.4)
        + path("M292 300H308L314 340C372 366 366 440 330 456H270C234 440 228 366 286 340Z", paint.deep)
        + rect(226, 452, 148, 18, paint.deep, 9)
        + solid("M232 140H368L430 306H170Z", Box(170, 140, 430, 306), paint, patterned=True)
    )


def _desk_lamp(paint: Paint) -> str:
    return (
        path("M356 250L300 470H500L448 212Z", GLOW, 0.4)
        + line("M190 452L150 300L330 172", paint.dark, 15)
        + circle(150, 300, 17, BRASS)
        + circle(190, 446, 15, BRASS)
        + rect(112, 448, 158, 22, paint.deep, 11)
        + group(
            solid("M316 140Q400 130 420 214L356 250Q300 214 316 140Z", Box(310, 140, 422, 250), paint),
            "rotate(-22 330 170)",
        )
        + circle(330, 172, 15, BRASS)
    )


def _pendant(paint: Paint) -> str:
    return (
        line("M300 0V182", INK, 6)
        + path("M160 366L70 600H530L440 366Z", GLOW, 0.4)
        + circle(300, 366, 38, "#fff6d6")
        + rect(278, 168, 44, 34, BRASS, 6)
        + solid(
            "M278 200H322C400 214 446 290 450 366H150C154 290 200 214 278 200Z",
            Box(150, 200, 450, 366),
            paint,
            patterned=True,
        )
        + rect(144, 358, 312, 14, paint.dark, 7)
    )


def _paper_pendant(paint: Paint) -> str:
    hoops = "".join(
        f"M{300 - w} {y}Q300 {y + 22} {300 + w} {y}"
        for y, w in ((210, 112), (250, 142), (292, 154), (336, 146), (376, 116))
    )
    return (
        line("M300 0V160", INK, 6)
        + circle(300, 300, 206, GLOW, 0.45)
        + circle(300, 300, 154, "#fdf3da")
        + line(hoops, "#e0cda4", 4)
    )


def _willow_pendant(paint: Paint) -> str:
    basket = "M244 190H356C440 230 470 330 430 424H170C130 330 160 230 244 190Z"
    rods = "".join(
        f"M{x} 192Q{300 + (x - 300) * 2.8:.0f} 300 {300 + (x - 300) * 2.2:.0f} 422" for x in range(258, 350, 14)
    )
    rings = "M182 244Q300 270 418 244M156 300Q300 330 444 300M154 360Q300 390 446 360"
    return (
        line("M300 0V190", INK, 6)
        + circle(300, 316, 196, GLOW, 0.6)
        + solid(basket, Box(150, 190, 450, 424), paint)
        + ellipse(300, 400, 110, 62, GLOW, 0.5)
        + line(rods, paint.dark, 6)
        + line(rings, paint.deep, 6, 0.7)
        + rect(160, 414, 280, 18, paint.deep, 9)
        + rect(236, 180, 128, 18, paint.deep, 9)
    )


def _floor_lamp(paint: Paint) -> str:
    return (
        path("M206 214L150 470H450L394 214Z", GLOW, 0.35)
        + line("M300 214V456", paint.deep, 11)
        + ellipse(300, 460, 82, 13, paint.deep)
        + solid("M240 96H360L404 216H196Z", Box(196, 96, 404, 216), paint, patterned=True)
    )


def _tripod(paint: Paint) -> str:
    return (
        line("M300 240L206 464M300 240L394 464M300 240V464", WOOD_DARK, 13)
        + solid("M206 96H394V240H206Z", Box(206, 96, 394, 240), paint, PAPER_DARK)
        + ellipse(300, 240, 94, 12, GLOW)
    )


def _lantern(paint: Paint) -> str:
    return (
        line("M206 232C186 70 414 70 394 232", INK_SOFT, 9)
        + circle(300, 318, 108, GLOW, 0.5)
        + path("M226 232Q180 316 226 400H374Q420 316 374 232Z", "#fdf6df", 0.85)
        + _flame(300, 390)
        + line("M226 232V400M374 232V400", paint.dark, 9)
        + path("M206 234L244 172H356L394 234Z", paint.main)
        + solid("M216 398H384L412 452Q414 470 396 470H204Q186 470 188 452Z", Box(188, 398, 412, 470), paint)
    )


def _candle(paint: Paint) -> str:
    return (
        rect(276, 200, 48, 190, PAPER, 8)
        + rect(306, 200, 18, 190, PAPER_DARK, 8)
        + _flame(300, 200)
        + solid(
            "M258 380H342L334 424H380Q410 424 410 446V470H190V446Q190 424 220 424H266Z", Box(190, 380, 410, 470), paint
        )
    )


def _three_candles(paint: Paint) -> str:
    candles = "".join(rect(x - 15, y, 30, 84, PAPER, 5) + _flame(x, y) for x, y in ((178, 196), (300, 150), (422, 226)))
    arms = line("M300 240V456M178 284Q190 370 300 372Q410 372 422 314", paint.main, 15)
    return (
        candles
        + arms
        + ellipse(300, 458, 106, 14, paint.dark)
        + "".join(rect(x - 28, y, 56, 14, paint.dark, 7) for x, y in ((178, 276), (300, 230), (422, 306)))
    )


def _tea_lights(paint: Paint) -> str:
    cup = (
        _flame(0, 360)
        + path("M-70 350H70L58 454Q56 470 40 470H-40Q-56 470-58 454Z", paint.main, 0.85)
        + ellipse(0, 350, 70, 10, paint.light)
    )
    return group(cup, "translate(300 -70)") + group(cup, "translate(196 0)") + group(cup, "translate(404 0)")


def _globe(paint: Paint) -> str:
    return (
        circle(300, 290, 186, GLOW, 0.5)
        + rect(204, 436, 192, 34, PAPER_DARK, 10)
        + circle(300, 306, 138, paint.light)
        + circle(300, 306, 138, "#fff6dc", 0.35)
        + circle(256, 258, 34, "#fff", 0.5)
    )


def _mushroom(paint: Paint) -> str:
    pleats = (
        "M300 160V316M248 170Q222 230 214 316M352 170Q378 230 386 316M204 196Q160 250 150 316M396 196Q440 250 450 316"
    )
    return (
        circle(300, 300, 214, GLOW, 0.35)
        + solid("M258 310H342Q336 400 380 452V470H220V452Q264 400 258 310Z", Box(220, 310, 380, 470), paint, paint.dark)
        + solid("M116 318C120 110 480 110 484 318Q300 350 116 318Z", Box(116, 160, 484, 336), paint)
        + line(pleats, paint.light, 5, 0.7)
    )


def _string(paint: Paint) -> str:
    bulbs = "".join(
        rect(x - 11, y, 22, 26, INK, 4) + circle(x, y + 48, 44, GLOW, 0.5) + circle(x, y + 48, 25, GLOW)
        for x, y in ((60, 196), (150, 236), (250, 254), (350, 250), (450, 226), (540, 184))
    )
    second = group(bulbs + line("M-10 150Q300 370 610 142", INK, 7), "translate(0 170)")
    return line("M-10 150Q300 370 610 142", INK, 7) + bulbs + second


def _button_lamp(paint: Paint) -> str:
    return (
        circle(300, 280, 216, GLOW, 0.45)
        + circle(300, 280, 138, paint.main)
        + circle(300, 280, 100, "#fff4d2")
        + line("M300 418V500", INK_SOFT, 5)
        + circle(300, 508, 11, BRASS)
    )


def _night_lamp(paint: Paint) -> str:
    body = "M300 196C400 190 456 290 440 380Q424 470 300 470Q176 470 160 380C144 290 200 202 300 196Z"
    return (
        circle(300, 340, 200, GLOW, 0.5)
        + solid(body, Box(150, 196, 450, 470), paint)
        + ellipse(300, 350, 76, 62, "#fff4d2", 0.75)
    )


LAMP = standing(_table_lamp)
BY_WORD = {
    "lamp": LAMP,
    "table lamp": LAMP,
    "desk lamp": standing(_desk_lamp),
    "clip lamp": standing(_desk_lamp),
    "pendant": hanging(_pendant),
    "pendant lamp": hanging(_pendant),
    "basket pendant": hanging(_willow_pendant, "natural"),
    "moon pendant": hanging(_paper_pendant),
    "floor lamp": standing(_floor_lamp),
    "tripod floor lamp": standing(_tripod, "oak"),
    "lantern": standing(_lantern),
    "candle": standing(_candle, "brass"),
    "candle holder": standing(_candle, "brass"),
    "trio candle holder": standing(_three_candles, "black"),
    "tea light": standing(_tea_lights),
    "tea light set": standing(_tea_lights),
    "globe table lamp": standing(_globe, "white"),
    "mushroom table lamp": standing(_mushroom),
    "string lamp": hanging(_string, "black"),
    "wall lamp": hanging(_button_lamp),
    "night lamp": standing(_night_lamp),
}
BY_CATEGORY = {"lighting": LAMP}
