"""Shapes of games: boards, boxes, cards, dice, puzzles."""

from collections.abc import Callable

from seeds.pictures.canvas import (
    BRASS,
    GLOW,
    INK,
    PAPER,
    PAPER_DARK,
    STEEL,
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

_PIPS = {
    1: ((0, 0),),
    2: ((-1, -1), (1, 1)),
    3: ((-1, -1), (0, 0), (1, 1)),
    4: ((-1, -1), (1, 1), (-1, 1), (1, -1)),
    5: ((-1, -1), (1, 1), (-1, 1), (1, -1), (0, 0)),
    6: ((-1, -1), (1, 1), (-1, 1), (1, -1), (-1, 0), (1, 0)),
}


def _pips(number: int, x: float, y: float, step: float, colour: str, size: float) -> str:
    return line("".join(f"M{x + dx * step} {y + dy * step}h0" for dx, dy in _PIPS[number]), colour, size)


def _squares(paint: Paint) -> str:
    return "".join(
        path(f"M{140 + column * 40} {140 + row * 40}h40v40h-40Z", paint.deep)
        for row in range(8)
        for column in range(row % 2, 8, 2)
    )


def _chess(paint: Paint) -> str:
    board = "".join(f"M{100 + i * 50} 0h50v22h-50Z" for i in range(0, 8, 2))
    pawn = (
        circle(0, 290, 34, PAPER)
        + path("M-18 310H18Q22 380 52 400V424H-52V400Q-22 380-18 310Z", PAPER)
        + path("M6 316H18Q22 380 52 400V424H12Z", PAPER_DARK)
    )
    king = (
        rect(-8, 118, 16, 60, paint.deep)
        + rect(-26, 134, 52, 16, paint.deep)
        + path("M-52 190Q0 160 52 190L26 260Q26 360 64 396V424H-64V396Q-26 360-26 260Z", paint.deep)
        + rect(-36, 254, 72, 17, paint.main, 8)
        + path("M20 178Q40 180 52 190L26 260Q26 360 64 396V424H28Q10 330 20 178Z", "#000", 0.12)
    )
    return (
        group(king, "translate(234 12)")
        + group(pawn, "translate(376 12)")
        + rect(92, 434, 416, 36, paint.main, 6)
        + group(path(board, paint.light), "translate(0 440)")
    )


def _flat_board(paint: Paint) -> str:
    return (
        rect(128, 134, 356, 350, "#000", 14, 0.14)
        + rect(118, 122, 364, 356, paint.dark, 14)
        + rect(140, 140, 320, 320, paint.light)
        + _squares(paint)
        + "".join(
            circle(x, y, 15, PAPER) + circle(x, y, 9, PAPER_DARK)
            for x, y in ((160, 200), (240, 200), (320, 240), (400, 160))
        )
        + "".join(circle(x, y, 15, paint.accent) for x, y in ((200, 400), (280, 400), (360, 360), (440, 440)))
    )


def _backgammon(paint: Paint) -> str:
    points = "".join(
        path(f"M{128 + i * 44 + (22 if i > 3 else 0)} 150h40l-20 130Z", paint.accent if i % 2 else PAPER)
        + path(f"M{128 + i * 44 + (22 if i > 3 else 0)} 450h40l-20-130Z", PAPER if i % 2 else paint.accent)
        for i in range(8)
    )
    men = "".join(circle(x, y, 17, INK) for x, y in ((148, 168), (148, 204), (280, 432))) + "".join(
        circle(x, y, 17, PAPER_DARK) for x, y in ((236, 432), (390, 168), (390, 204))
    )
    return (
        rect(96, 124, 408, 352, paint.dark, 16)
        + rect(116, 144, 368, 312, paint.main)
        + points
        + rect(296, 144, 22, 312, paint.deep)
        + men
    )


def _go(paint: Paint) -> str:
    grid = "".join(f"M{150 + i * 37.5:.0f} 150V450M150 {150 + i * 37.5:.0f}H450" for i in range(9))
    stones = (
        (3, 3, INK),
        (4, 3, PAPER),
        (4, 4, INK),
        (5, 4, PAPER),
        (3, 5, INK),
        (6, 2, PAPER),
        (2, 6, PAPER),
        (5, 5, INK),
    )
    drawn = "".join(circle(round(150 + x * 37.5), round(150 + y * 37.5), 17, colour) for x, y, colour in stones)
    return (
        rect(122, 128, 364, 360, "#000", 8, 0.14)
        + rect(116, 116, 368, 368, "#d9b877", 8)
        + line(grid, "#7d5f34", 3)
        + drawn
    )


def _morris(paint: Paint) -> str:
    lines = (
        "M150 150H450V450H150ZM200 200H400V400H200ZM250 250H350V350H250Z"
        "M300 150V250M300 350V450M150 300H250M350 300H450"
    )
    men = "".join(
        circle(x, y, 19, colour)
        for x, y, colour in (
            (150, 150, BRASS),
            (300, 200, BRASS),
            (450, 300, STEEL),
            (350, 350, STEEL),
            (200, 400, BRASS),
        )
    )
    return (
        rect(116, 118, 376, 372, "#000", 14, 0.14)
        + rect(108, 108, 384, 384, paint.deep, 14)
        + line(lines, PAPER, 6, 0.85)
        + men
    )


def _lighthouse(paint: Paint) -> str:
    return (
        path("M280 270H320L330 400H270Z", PAPER)
        + rect(276, 246, 48, 28, "#bf4a42")
        + path("M320 250L440 210V300Z", GLOW, 0.8)
        + path("M152 420Q230 380 300 404Q370 380 448 420V430H152Z", paint.deep)
    )


def _mountains(paint: Paint) -> str:
    return path("M152 430L240 280L300 370L350 310L448 430Z", paint.deep) + circle(380, 250, 30, GLOW)


def _sleeping_car(paint: Paint) -> str:
    windows = "".join(rect(x, 330, 34, 30, GLOW, 4) for x in (180, 232, 284, 336, 388))
    wheels = line("M190 412h0M230 412h0M370 412h0M410 412h0", INK, 22)
    return (
        circle(400, 248, 22, GLOW)
        + rect(162, 306, 276, 92, paint.deep, 12)
        + windows
        + wheels
        + rect(152, 420, 296, 10, INK)
    )


def _market(paint: Paint) -> str:
    awning = "".join(
        path(f"M{180 + i * 40} 252h40v44a20 20 0 0 1-40 0Z", paint.accent if i % 2 else PAPER) for i in range(6)
    )
    apples = line("".join(f"M{x} 366h0" for x in range(200, 410, 33)), "#c9503f", 28)
    return (
        rect(192, 290, 11, 130, WOOD_DARK)
        + rect(397, 290, 11, 130, WOOD_DARK)
        + awning
        + apples
        + rect(180, 370, 240, 60, WOOD, 4)
    )


def _box_of(scene: Callable[[Paint], str]) -> Callable[[Paint], str]:
    """A game's box with that scene on its lid."""

    def box(paint: Paint) -> str:
        return (
            rect(124, 430, 352, 40, paint.deep, 6)
            + solid("M130 150H470V436H130Z", Box(130, 150, 470, 436), paint)
            + rect(152, 206, 296, 224, paint.light)
            + scene(paint)
            + rect(196, 168, 208, 22, PAPER, 11)
        )

    return box


def _any_scene(paint: Paint) -> str:
    scenes = (_lighthouse, _mountains, _sleeping_car, _market)
    return scenes[paint.variation % len(scenes)](paint)


def _cards(paint: Paint) -> str:
    back = (
        rect(-75, -112, 150, 224, PAPER, 14)
        + rect(-63, -100, 126, 200, paint.main, 8)
        + line("M-40-70L40 70M40-70L-40 70M-40 0L0-70L40 0L0 70Z", paint.light, 7)
    )
    heart = path("M0 40C-60-4-40-46 0-20C40-46 60-4 0 40Z", "#bf4a42")
    front = (
        rect(-75, -112, 150, 224, "#000", 14, 0.15)
        + rect(-78, -115, 150, 224, PAPER, 14)
        + heart
        + group(heart, "translate(-52 -86) scale(.36)")
        + group(heart, "translate(48 82) rotate(180) scale(.36)")
    )
    return (
        group(back, "translate(200 310) rotate(-24)")
        + group(back, "translate(292 282) rotate(-4)")
        + group(front, "translate(388 310) rotate(17)")
    )


def _die(paint: Paint, number: int) -> str:
    pip = PAPER if paint.main != "#f3e6cb" else INK
    return (
        rect(-78, -78, 156, 156, paint.main, 28)
        + path("M30-78H50Q78-78 78-50V50Q78 78 50 78H30Z", "#000", 0.09)
        + _pips(number, 0, 0, 42, pip, 26)
    )


def _dice(paint: Paint) -> str:
    first, second = paint.variation % 6 + 1, paint.variation // 7 % 6 + 1
    return (
        group(_die(paint, first), "translate(212 376) rotate(-9)")
        + group(_die(paint, second), "translate(394 386) rotate(6)")
        + group(_die(paint, 5), "translate(306 226) rotate(13) scale(.86)")
    )


def _polyhedral(paint: Paint) -> str:
    return (
        path("M300 120L456 210V390L300 480L144 390V210Z", paint.main)
        + path("M300 200L390 350H210Z", paint.light)
        + path("M300 120L300 200L210 350L144 390V210Z", "#fff", 0.15)
        + path("M300 480L210 350H390Z", "#000", 0.18)
        + path("M456 390L390 350L300 480Z", "#000", 0.3)
        + line(
            "M300 120V200L456 210M300 200L144 210L210 350L144 390M210 350L300 480L390 350L456 390M390 350L456 210"
            "M210 350H390L300 200Z",
            paint.deep,
            5,
        )
        + line("M280 278L300 262V324", paint.deep, 11)
    )


def _domino(paint: Paint) -> str:
    pip = INK if paint.main == "#f3e6cb" else PAPER

    def tile(one: int, two: int) -> str:
        return (
            rect(-58, -116, 116, 232, "#000", 18, 0.15)
            + rect(-62, -120, 116, 232, paint.main, 18)
            + line("M-44-4H36", pip, 5)
            + _pips(one, -4, -62, 30, pip, 19)
            + _pips(two, -4, 54, 30, pip, 19)
        )

    return (
        group(tile(5, 3), "translate(190 310) rotate(-12)")
        + group(tile(6, paint.variation % 6 + 1), "translate(320 300) rotate(5)")
        + group(tile(2, 4), "translate(446 330) rotate(19)")
    )


def _puzzle(paint: Paint) -> str:
    piece = "M0 0H46Q36-34 65-36Q94-34 84 0H130V46Q164 36 166 65Q164 94 130 84V130H0Z"
    plain = "M0 0H130V46Q164 36 166 65Q164 94 130 84V130H84Q94 164 65 166Q36 164 46 130H0Z"
    return (
        group(path(plain, paint.main) + line(plain, paint.deep, 3, 0.4), "translate(140 160)")
        + group(path(piece, paint.dark) + line(piece, paint.deep, 3, 0.4), "translate(150 316) rotate(0)")
        + group(path(plain, paint.light) + line(plain, paint.deep, 3, 0.4), "translate(436 160) rotate(90)")
        + group(path(piece, paint.accent) + line(piece, paint.deep, 3, 0.4), "translate(350 344) rotate(16)")
    )


def _tower(paint: Paint) -> str:
    tones = (WOOD, WOOD_DARK, "#d8b484")
    rows = []
    for row in range(9):
        y, shift = 434 - row * 38, (row * 7 + paint.variation) % 5 * 4 - 8
        if row % 2:
            rows.append(rect(210 + shift, y, 180, 36, tones[row % 3], 5))
        else:
            rows.extend(
                rect(210 + shift + i * 61, y, 58, 36, tones[(row + i) % 3], 5)
                for i in range(3)
                if (row, i) not in ((4, 1), (2, 2))
            )
    return "".join(rows)


GAME = standing(_box_of(_any_scene))
BY_WORD = {
    "board game": GAME,
    "game": GAME,
    "lighthouse board game": standing(_box_of(_lighthouse)),
    "market board game": standing(_box_of(_market)),
    "train board game": standing(_box_of(_sleeping_car)),
    "chess": standing(_chess, "walnut"),
    "backgammon": hanging(_backgammon),
    "go board": hanging(_go),
    "morris": hanging(_morris, "slate"),
    "morris board": hanging(_morris, "slate"),
    "draughts": hanging(_flat_board, "walnut"),
    "draughts board": hanging(_flat_board, "walnut"),
    "board set": hanging(_flat_board, "walnut"),
    "card game": hanging(_cards),
    "playing cards": hanging(_cards),
    "dice": hanging(_dice, "cream"),
    "polyhedral dice": hanging(_polyhedral),
    "domino": hanging(_domino, "cream"),
    "puzzle": hanging(_puzzle),
    "tower game": standing(_tower),
}
BY_CATEGORY = {"games-puzzles": GAME}
