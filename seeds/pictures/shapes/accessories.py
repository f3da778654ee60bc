"""Shapes of what goes with clothes: hats, scarves, mittens, socks, belts."""

from seeds.pictures.canvas import BRASS, Box, Paint, circle, ellipse, group, line, path, rect, solid
from seeds.pictures.shapes.shape import hanging, standing


def _beanie(paint: Paint) -> str:
    ribs = line("".join(f"M{x} 372V446" for x in range(152, 460, 22)), paint.deep, 5, 0.5)
    knit = line("M210 350Q216 240 260 190M300 356V180M390 350Q384 240 340 190", paint.dark, 6, 0.6)
    return (
        solid(
            "M150 372C150 230 220 162 300 162C380 162 450 230 450 372Z", Box(150, 162, 450, 372), paint, patterned=True
        )
        + knit
        + rect(134, 362, 332, 92, paint.dark, 26)
        + ribs
    )


def _bobble(paint: Paint) -> str:
    return (
        group(_beanie(paint), "translate(0 20)")
        + circle(300, 154, 56, paint.light)
        + line("M300 110V196M258 154H342M270 124L330 184M330 124L270 184", paint.accent, 8, 0.8)
    )


def _cap(paint: Paint) -> str:
    return (
        solid(
            "M156 380C150 250 220 190 310 190C400 190 446 260 446 370Z",
            Box(156, 190, 446, 380),
            paint,
            patterned=paint.pattern == "checks",
        )
        + line("M310 190Q280 270 286 374M310 190Q390 260 396 370", paint.dark, 5)
        + circle(310, 188, 13, paint.dark)
        + path("M286 374Q400 340 440 360Q530 380 540 420Q440 400 156 384Q210 378 286 374Z", paint.deep)
    )


def _flat_cap(paint: Paint) -> str:
    return (
        solid(
            "M96 380C110 240 300 220 430 280Q500 320 506 384Q430 400 380 392Q220 420 96 380Z",
            Box(96, 230, 506, 410),
            paint,
            patterned=True,
        )
        + path("M330 392Q430 370 506 384Q530 410 480 424Q400 430 330 392Z", paint.deep)
        + line("M300 256Q330 320 340 388M200 262Q190 320 200 394", paint.dark, 4, 0.7)
    )


def _sun_hat(paint: Paint) -> str:
    return (
        ellipse(300, 396, 234, 60, "#d3b27a")
        + ellipse(300, 388, 234, 58, "#e6cc98")
        + path("M180 384C176 250 220 204 300 204C380 204 424 250 420 384Q300 420 180 384Z", "#dcbd83")
        + path("M181 340Q300 376 419 340L420 384Q300 420 180 384Z", paint.main)
        + line("M206 300Q300 330 394 300M220 262Q300 288 380 262", "#c7a468", 4)
    )


def _scarf(paint: Paint) -> str:
    fringe = line(
        "".join(f"M{x} 480V510" for x in range(212, 290, 15)) + "".join(f"M{x} 440V470" for x in range(330, 404, 15)),
        paint.dark,
        7,
    )
    return (
        fringe
        + solid("M324 230L410 216V444H324Z", Box(324, 216, 410, 444), paint, paint.dark, patterned=True)
        + solid("M204 220L296 250V484H204Z", Box(204, 220, 296, 484), paint, patterned=True)
        + solid(
            "M160 180Q300 110 440 180Q470 230 420 262Q300 310 180 262Q130 230 160 180Z", Box(150, 130, 450, 290), paint
        )
        + path("M214 186Q300 150 386 186Q300 230 214 186Z", paint.deep)
    )


def _silk_square(paint: Paint) -> str:
    petals = "".join(
        group(ellipse(0, -58, 26, 48, paint.light), f"translate(300 300) rotate({i * 360 / 8:.0f})") for i in range(8)
    )
    corners = "".join(circle(x, y, 22, paint.accent) for x, y in ((186, 300), (414, 300), (300, 186), (300, 414)))
    square = (
        rect(146, 146, 308, 308, paint.main, 6)
        + line("M166 166H434V434H166Z", paint.accent, 7)
        + petals
        + circle(300, 300, 26, paint.accent)
        + corners
    )
    return group(square, "rotate(45 300 300) translate(30 30) scale(.9)")


def _mitten(paint: Paint) -> str:
    return (
        solid(
            "M180 420V250Q180 140 258 140Q334 140 334 250V300Q350 250 384 262Q410 280 390 330L340 420Z",
            Box(180, 140, 400, 420),
            paint,
            patterned=True,
        )
        + rect(172, 404, 176, 72, paint.dark, 14)
        + line("".join(f"M{x} 416V464" for x in range(192, 340, 20)), paint.deep, 5, 0.6)
    )


def _mittens(paint: Paint) -> str:
    return group(_mitten(paint), "translate(146 30) rotate(10 260 300) scale(.86)") + group(
        _mitten(paint), "translate(452 30) scale(-.86 .86) rotate(10 260 300)"
    )


def _glove(paint: Paint) -> str:
    hand = (
        "M180 410V320L150 262Q138 232 164 226Q180 226 196 270L206 280V170Q208 144 226 144Q244 146 244 172V136"
        "Q248 112 266 114Q284 116 284 140V172Q290 146 308 150Q324 154 322 180V214Q330 192 346 198"
        "Q360 206 356 234L344 410Z"
    )
    return (
        solid(hand, Box(146, 114, 356, 410), paint)
        + rect(172, 400, 180, 70, paint.dark, 10)
        + line("M226 320V260M264 316V250M302 320V264", paint.deep, 4, 0.5)
    )


def _gloves(paint: Paint) -> str:
    return group(_glove(paint), "translate(294 40) rotate(7) scale(.88)") + group(
        _glove(paint), "translate(-14 52) scale(.88)"
    )


def _sock(paint: Paint) -> str:
    return (
        solid(
            "M190 140H300V310L380 380Q420 420 390 452Q370 470 330 466Q240 456 206 420Q186 396 190 350Z",
            Box(186, 140, 404, 470),
            paint,
            patterned=True,
        )
        + rect(184, 122, 122, 46, paint.dark, 10)
        + path("M190 330Q230 350 212 426Q186 400 190 350Z", paint.dark)
        + path("M346 350L380 380Q420 420 390 452Q370 470 340 466Q330 400 346 350Z", paint.dark)
    )


def _socks(paint: Paint) -> str:
    return group(_sock(paint), "translate(106 -6)") + group(_sock(paint), "translate(-46 10)")


def _belt(paint: Paint) -> str:
    holes = line("M214 408h0M242 414h0M270 418h0", paint.deep, 11)
    return (
        line("M300 200C120 200 110 380 200 404C300 430 470 420 470 300C470 210 380 200 300 200", paint.dark, 46)
        + line("M300 200C120 200 110 380 200 404C300 430 470 420 470 300C470 210 380 200 300 200", paint.main, 36)
        + holes
        + line("M262 164H346V236H262Z", BRASS, 15)
        + line("M304 200H352", BRASS, 11)
    )


BEANIE = standing(_beanie)
BY_WORD = {
    "beanie": BEANIE,
    "cap beanie": BEANIE,
    "bobble beanie": standing(_bobble),
    "cap": hanging(_cap),
    "flat cap": hanging(_flat_cap),
    "hat": hanging(_sun_hat),
    "scarf": hanging(_scarf),
    "square scarf": hanging(_silk_square),
    "mittens": hanging(_mittens),
    "gloves": hanging(_gloves),
    "socks": hanging(_socks),
    "belt": hanging(_belt),
}
BY_CATEGORY = {"hats-scarves": BEANIE}
