"""Shapes of clothes: tee, shirt, sweater, cardigan, hoodie, jacket."""

from seeds.pictures.canvas import BRASS, COPPER, PAPER, Box, Paint, line, path, rect, solid
from seeds.pictures.shapes.shape import hanging

_SHORT = "M226 132Q300 176 374 132L470 176L512 276L434 310L414 276V490H186V276L166 310L88 276L130 176Z"
_LONG = (
    "M226 126Q300 166 374 126L452 158Q476 172 482 204L520 440L450 456"
    "L416 290V490H184V290L150 456L80 440L118 204Q124 172 148 158Z"
)
_SHORT_BOX, _LONG_BOX = Box(88, 126, 512, 490), Box(80, 120, 520, 490)


def _tee(paint: Paint) -> str:
    pocket = rect(322, 250, 62, 70, paint.dark, 6, 0.6) if paint.variation % 3 == 0 else ""
    return (
        solid(_SHORT, _SHORT_BOX, paint, patterned=True)
        + line("M226 132Q300 184 374 132", paint.dark, 13)
        + line("M186 276L192 350M414 276L408 350", paint.deep, 4, 0.5)
        + pocket
    )


def _shirt(paint: Paint) -> str:
    buttons = line("".join(f"M300 {y}h0" for y in range(200, 480, 52)), paint.deep, 11)
    return (
        solid(_LONG, _LONG_BOX, paint, patterned=True)
        + line("M300 166V488", paint.dark, 4)
        + path("M226 124L300 172L262 214L206 144Z", paint.light)
        + path("M374 124L300 172L338 214L394 144Z", paint.light)
        + line("M226 124L300 172L262 214L206 144ZM374 124L300 172L338 214L394 144Z", paint.dark, 3)
        + buttons
        + line("M330 258H386V310L358 326L330 310Z", paint.dark, 4)
        + line("M82 432L152 448M518 432L448 448", paint.dark, 5)
    )


def _sweater(paint: Paint) -> str:
    ribs = line("".join(f"M{x} 462V488" for x in range(194, 412, 14)), paint.deep, 4, 0.6)
    knit = line("M240 230L256 244L272 230M284 230L300 244L316 230M328 230L344 244L360 230", paint.light, 7)
    return (
        solid(_LONG, _LONG_BOX, paint, patterned=True)
        + rect(184, 458, 232, 32, paint.dark)
        + ribs
        + line("M226 126Q300 178 374 126", paint.dark, 23)
        + (knit if paint.pattern == "plain" else "")
        + line("M84 424L154 440M516 424L446 440", paint.dark, 22)
    )


def _turtleneck(paint: Paint) -> str:
    return _sweater(paint) + solid(
        "M236 84Q300 96 364 84L372 142Q300 176 228 142Z", Box(228, 84, 372, 166), paint, paint.dark
    )


def _cardigan(paint: Paint) -> str:
    buttons = line("".join(f"M300 {y}h0" for y in range(316, 470, 46)), COPPER, 17)
    return (
        path("M226 126Q300 100 374 126L300 300Z", PAPER)
        + solid(
            "M226 126L300 296L374 126L452 158Q476 172 482 204L520 440L450 456L416 290V490H184V290L150 456L80 440"
            "L118 204Q124 172 148 158Z",
            _LONG_BOX,
            paint,
            patterned=True,
        )
        + line("M226 126L300 292V488M374 126L300 292", paint.dark, 20)
        + buttons
        + rect(204, 390, 66, 70, paint.dark, 6, 0.6)
        + rect(330, 390, 66, 70, paint.dark, 6, 0.6)
    )


def _hoodie(paint: Paint) -> str:
    return (
        path("M210 150C200 60 400 60 390 150L300 214Z", paint.dark)
        + path("M240 142C240 94 360 94 360 142L300 198Z", paint.deep)
        + solid(
            "M206 136Q300 236 394 136L452 158Q476 172 482 204L520 440L450 456L416 290V490H184V290L150 456L80 440"
            "L118 204Q124 172 148 158Z",
            _LONG_BOX,
            paint,
        )
        + path("M228 470V420L254 370H346L372 420V470Z", paint.dark, 0.7)
        + line("M276 196V270M324 196V270", PAPER, 6)
        + line("M84 424L154 440M516 424L446 440", paint.dark, 20)
    )


def _jacket(paint: Paint) -> str:
    buttons = line("".join(f"M314 {y}h0" for y in range(226, 470, 60)), BRASS, 13)
    pockets = (
        rect(206, 372, 74, 86, paint.dark, 5, 0.7)
        + rect(330, 372, 66, 86, paint.dark, 5, 0.7)
        + rect(330, 240, 60, 58, paint.dark, 5, 0.7)
    )
    return (
        solid(_LONG, _LONG_BOX, paint)
        + line("M300 172V488", paint.deep, 6)
        + path("M222 122Q300 150 378 122L394 150L336 212L300 172L264 212L206 150Z", paint.deep)
        + pockets
        + buttons
        + line("M84 424L154 440M516 424L446 440", paint.deep, 6)
    )


def _quilted(paint: Paint) -> str:
    down = "".join(f"M{x} {200}L{x + 116} 484M{x + 116} 200L{x} 484" for x in (186, 244, 298))
    return (
        solid(_LONG, _LONG_BOX, paint)
        + line(down, paint.dark, 4, 0.7)
        + line("M300 160V488M118 270L150 280M482 270L450 280M104 350L150 362M496 350L450 362", paint.dark, 5)
        + line("M226 128Q300 172 374 128", paint.deep, 18)
        + line("".join(f"M300 {y}h0" for y in range(200, 480, 60)), BRASS, 13)
    )


def _rain_shell(paint: Paint) -> str:
    return (
        path("M214 150C196 56 404 56 386 150L300 190Z", paint.dark)
        + path("M246 140C246 96 354 96 354 140L300 172Z", paint.deep)
        + solid(_LONG, _LONG_BOX, paint)
        + path("M214 136Q300 180 386 136L370 170Q300 200 230 170Z", paint.dark)
        + line("M300 186V488", paint.accent, 9)
        + line("M222 360L262 430M378 360L338 430", paint.deep, 7)
    )


TEE = hanging(_tee)
BY_WORD = {
    "tee": TEE,
    "shirt": hanging(_shirt),
    "overshirt": hanging(_jacket),
    "sweater": hanging(_sweater),
    "turtleneck sweater": hanging(_turtleneck),
    "cardigan": hanging(_cardigan),
    "hoodie": hanging(_hoodie),
    "jacket": hanging(_jacket),
    "liner jacket": hanging(_quilted),
    "shell jacket": hanging(_rain_shell),
}
BY_CATEGORY = {"shirts-knitwear": hanging(_sweater)}
