"""Shapes of a night outside: tents, bags, stoves, bottles."""

from seeds.pictures.canvas import (
    BRASS,
    FLAME,
    GLOW,
    INK,
    INK_SOFT,
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


def _tent(paint: Paint) -> str:
    return (
        line("M300 182V160M82 470L56 476M518 470L544 476", INK_SOFT, 5)
        + solid("M300 176L522 470H78Z", Box(78, 176, 522, 470), paint, patterned=paint.pattern == "band")
        + path("M300 176L522 470H400Z", paint.dark)
        + path("M300 250L372 470H228Z", paint.deep)
        + path("M300 250L228 470H262Q296 380 300 250Z", paint.light)
        + path("M338 470Q308 390 300 250L372 470Z", paint.light, 0.7)
    )


def _family_tent(paint: Paint) -> str:
    return (
        solid("M60 470Q70 240 210 216H410Q530 250 540 470Z", Box(60, 216, 540, 470), paint)
        + line("M210 216Q186 330 190 470M410 216Q424 330 420 470", paint.dark, 8)
        + path("M246 470V340Q248 290 306 288Q364 290 366 340V470Z", paint.deep)
        + path("M246 470V340Q248 290 306 288Q270 360 274 470Z", paint.light)
        + rect(106, 350, 54, 44, paint.light, 8)
        + rect(450, 350, 54, 44, paint.light, 8)
    )


def _bell_tent(paint: Paint) -> str:
    return (
        line("M300 120V96", INK_SOFT, 7)
        + path("M300 92L350 106L300 120Z", paint.accent)
        + solid("M300 116Q350 250 510 360V470H90V360Q250 250 300 116Z", Box(90, 116, 510, 470), paint)
        + line("M90 362Q300 394 510 362", paint.dark, 6)
        + path("M300 210Q330 300 350 378V470H250V378Q270 300 300 210Z", paint.deep)
        + path("M300 210Q270 300 250 378V470H272Q296 380 300 210Z", paint.light)
    )


def _tarp(paint: Paint) -> str:
    return (
        line("M150 240V470M450 200V470", WOOD_DARK, 11)
        + line("M150 240L84 470M450 200L530 470", INK_SOFT, 4)
        + solid(
            "M70 330Q180 300 150 236Q300 286 450 196Q450 290 540 310Q300 360 70 330Z", Box(70, 196, 540, 350), paint
        )
        + path("M150 236Q300 286 450 196Q330 300 300 344Q200 346 70 330Q180 300 150 236Z", "#fff", 0.12)
        + path("M262 470L300 410L338 470Z", FLAME)
        + path("M282 470L300 436L318 470Z", GLOW)
    )


def _sleeping_bag(paint: Paint) -> str:
    quilting = "".join(
        f"M{214 - i * 3} {250 + i * 54}Q300 {272 + i * 54} {386 + i * 3} {250 + i * 54}" for i in range(4)
    )
    return group(
        solid(
            "M300 90C380 90 410 150 404 230C420 320 392 440 360 500Q300 530 240 500"
            "C208 440 180 320 196 230C190 150 220 90 300 90Z",
            Box(188, 90, 412, 520),
            paint,
        )
        + line(quilting, paint.dark, 5)
        + ellipse(300, 178, 72, 62, paint.deep)
        + ellipse(300, 196, 58, 38, paint.light)
        + line("M372 200C380 300 372 400 350 470", paint.accent, 6),
        "translate(24 20) scale(.92) rotate(24 300 300)",
    )


def _rolled_mat(paint: Paint) -> str:
    return (
        solid("M190 300H470Q510 330 510 385Q510 440 470 470H190Z", Box(190, 300, 510, 470), paint)
        + circle(190, 385, 85, paint.dark)
        + line("M190 385m-60 0a60 60 0 1 1 120 0a42 42 0 1 1-84 0a26 26 0 1 1 52 0", paint.light, 9)
        + rect(290, 298, 24, 174, paint.accent)
        + rect(410, 298, 24, 174, paint.accent)
    )


def _foam_mat(paint: Paint) -> str:
    folds = "".join(rect(130, 280 + i * 38, 340, 36, paint.main if i % 2 else paint.dark, 12) for i in range(5))
    dimples = line(
        "".join(f"M{x} {298 + i * 38}h0" for i in range(5) for x in range(160, 450, 36)), paint.light, 8, 0.5
    )
    return folds + dimples + rect(200, 272, 20, 200, INK_SOFT, 4) + rect(380, 272, 20, 200, INK_SOFT, 4)


def _stove(paint: Paint) -> str:
    return (
        path("M250 250Q240 190 270 170Q280 210 300 150Q320 210 334 176Q360 210 350 250Z", FLAME)
        + path("M278 250Q276 214 300 196Q324 214 322 250Z", GLOW)
        + line("M300 262L200 226M300 262L400 226M200 226V206M400 226V206", STEEL_DARK, 13)
        + rect(272, 250, 56, 70, STEEL, 6)
        + rect(320, 288, 70, 13, paint.accent, 6)
        + solid(
            "M196 366Q196 322 250 320H350Q404 322 404 366V446Q404 470 380 470H220Q196 470 196 446Z",
            Box(196, 320, 404, 470),
            paint,
        )
        + rect(196, 386, 208, 44, paint.light)
    )


def _burner(paint: Paint) -> str:
    flame = path("M-34 0Q-40-36-14-50Q-8-26 0-66Q10-26 18-46Q42-30 34 0Z", FLAME) + path(
        "M-14 0Q-14-20 0-30Q14-20 14 0Z", GLOW
    )
    return (
        solid("M96 320L112 190H488L504 320Z", Box(96, 190, 504, 320), paint)
        + group(flame, "translate(208 328)")
        + group(flame, "translate(392 328)")
        + rect(130, 322, 156, 14, INK, 6)
        + rect(314, 322, 156, 14, INK, 6)
        + solid("M86 336H514V440Q514 460 494 460H106Q86 460 86 440Z", Box(86, 336, 514, 460), paint, paint.dark)
        + circle(208, 398, 26, PAPER)
        + circle(392, 398, 26, PAPER)
        + line("M208 398V380M392 398L404 386", INK, 7)
        + rect(110, 456, 40, 14, INK)
        + rect(450, 456, 40, 14, INK)
    )


def _cook_set(paint: Paint) -> str:
    return (
        line("M430 240H500Q514 240 514 256V300", INK_SOFT, 11)
        + solid("M186 210H414V310H186Z", Box(186, 210, 414, 310), paint, STEEL)
        + rect(176, 200, 248, 18, STEEL_DARK, 9)
        + solid("M156 310H444V440Q444 470 414 470H186Q156 470 156 440Z", Box(156, 310, 444, 470), paint)
        + rect(144, 300, 312, 20, paint.dark, 10)
        + line("M270 200C270 166 330 166 330 200", INK, 13)
    )


def _bottle(paint: Paint) -> str:
    body = "M256 196H344C344 240 388 244 388 300V444Q388 470 362 470H238Q212 470 212 444V300C212 244 256 240 256 196Z"
    return (
        line("M262 150C262 96 338 96 338 150", INK, 13)
        + rect(250, 140, 100, 58, INK, 10)
        + solid(body, Box(212, 196, 388, 470), paint, patterned=True)
        + path("M300 330L344 396H256Z", paint.light)
    )


def _flask(paint: Paint) -> str:
    return (
        line("M390 270H450V390H390", paint.deep, 17)
        + solid("M206 240H394V446Q394 470 370 470H230Q206 470 206 446Z", Box(206, 240, 394, 470), paint)
        + rect(206, 228, 188, 18, STEEL)
        + solid("M222 228V140Q222 120 242 120H358Q378 120 378 140V228Z", Box(222, 120, 378, 228), paint, STEEL)
        + rect(206, 400, 188, 18, STEEL)
    )


def _camp_chair(paint: Paint) -> str:
    return (
        line("M186 470L404 310M414 470L196 310", WOOD_DARK, 16)
        + line("M176 130V330M424 130V330", WOOD, 16)
        + solid("M170 150Q300 174 430 150V246Q300 268 170 246Z", Box(170, 150, 430, 262), paint, patterned=True)
        + rect(150, 272, 64, 17, WOOD, 8)
        + rect(386, 272, 64, 17, WOOD, 8)
        + path("M170 326Q300 352 430 326V352Q300 384 170 352Z", paint.dark)
    )


def _stool(paint: Paint) -> str:
    return (
        line("M210 250L390 464M390 250L210 464M300 300V466", WOOD_DARK, 17)
        + solid("M172 230Q300 280 428 230L410 264Q300 330 190 264Z", Box(172, 230, 428, 310), paint, "#a3623a")
        + circle(300, 352, 13, BRASS)
    )


def _hammock(paint: Paint) -> str:
    return (
        rect(44, 90, 44, 380, WOOD_DARK, 10)
        + rect(512, 90, 44, 380, WOOD_DARK, 10)
        + line("M66 200L132 262M534 200L468 262", INK_SOFT, 7)
        + solid(
            "M126 256Q300 450 474 256Q470 420 300 430Q130 420 126 256Z", Box(126, 256, 474, 430), paint, patterned=True
        )
        + path("M126 256Q300 450 474 256Q440 330 300 352Q160 330 126 256Z", paint.dark)
    )


def _headlamp(paint: Paint) -> str:
    return (
        path("M300 250L90 110V420Z", GLOW, 0.5)
        + line("M310 300C330 150 520 170 520 290C520 400 340 420 310 320", paint.main, 32)
        + line("M310 300C330 150 520 170 520 290C520 400 340 420 310 320", paint.light, 6)
        + rect(226, 226, 122, 122, INK, 26)
        + circle(278, 286, 42, PAPER)
        + circle(278, 286, 29, GLOW)
    )


def _hatchet(paint: Paint) -> str:
    axe = (
        solid("M286 150H318L326 500Q306 514 282 500Z", Box(282, 150, 326, 510), paint, WOOD)
        + path("M262 130H330V216H296Q240 220 190 262Q170 190 196 106Q230 132 262 130Z", STEEL_DARK)
        + path("M190 262Q170 190 196 106Q210 118 222 122Q204 184 216 244Z", "#e4e9ec")
    )
    return group(axe, "rotate(28 300 310)")


def _cool_box(paint: Paint) -> str:
    return (
        line("M140 270C140 130 460 130 460 270", INK_SOFT, 11)
        + solid("M124 310H476V442Q476 470 448 470H152Q124 470 124 442Z", Box(124, 310, 476, 470), paint, patterned=True)
        + rect(108, 254, 384, 66, paint.dark, 16)
        + rect(272, 296, 56, 44, STEEL, 8)
    )


TENT = standing(_tent)
BY_WORD = {
    "tent": TENT,
    "family tent": standing(_family_tent),
    "bell tent": standing(_bell_tent, "cream"),
    "tarp": standing(_tarp),
    "sleeping bag": hanging(_sleeping_bag),
    "mat": standing(_rolled_mat),
    "sleeping mat": standing(_rolled_mat),
    "foam mat": standing(_foam_mat),
    "stove": standing(_stove, "rust"),
    "burner stove": standing(_burner),
    "cook set": standing(_cook_set, "slate"),
    "bottle": standing(_bottle),
    "flask": standing(_flask),
    "chair": standing(_camp_chair),
    "stool": standing(_stool),
    "hammock": standing(_hammock),
    "headlamp": hanging(_headlamp),
    "hatchet": hanging(_hatchet),
    "cool box": standing(_cool_box),
}
BY_CATEGORY = {"camping": TENT}
