"""From the name of a colour to the colours of a picture."""

COLOURS = {
    "amber": "#d9963a", "ash": "#d3b78f", "beech": "#d8b484", "black": "#3b3a3c", "blue": "#3f6ea8",
    "blush": "#dfa99f", "brass": "#c9a24b", "charcoal": "#4d5053", "clear": "#b9d6d8", "cognac": "#a3623a",
    "copper": "#bf7449", "cream": "#f3e6cb", "forest": "#3f6350", "granite": "#989b9d", "green": "#5c8a5a",
    "grey": "#989b9d", "iron": "#46474a", "kraft": "#bd9a70", "larch": "#c98f5e", "moss": "#77804a",
    "mustard": "#d7a53b", "natural": "#dcc7a1", "navy": "#34466b", "oak": "#c39a66", "oat": "#ded0b6",
    "olive": "#80824f", "olivewood": "#b98d58", "orange": "#d9803f", "pink": "#dd9fa8", "plum": "#76496a",
    "purple": "#78578f", "rainbow": "#cf6a4f", "red": "#bf4a42", "rust": "#b4603c", "sage": "#9fb094",
    "sand": "#d9bf94", "sea": "#6fae9d", "silver": "#b9bfc5", "sky": "#86b3cf", "slate": "#65737f",
    "smoke": "#8b8a8e", "smoked": "#7b5f48", "spruce": "#4f7264", "steel": "#aab3ba", "teal": "#3d8487",
    "terracotta": "#c4714c", "walnut": "#7e573b", "white": "#f7f4ee", "yellow": "#e3bd4c",
}  # fmt: skip
UNNAMED = ("mustard", "teal", "rust", "sage", "navy", "terracotta", "slate", "plum", "forest", "amber")
ACCENTS = ("#d7a53b", "#c4714c", "#3d8487", "#bf4a42", "#f3e6cb", "#34466b")
# Wall and the figure painted on it. A pale product stands before a deeper wall.
LIGHT_WALLS = (
    ("#f4ede2", "#e6d7c1"), ("#e9efe9", "#d0ddd2"), ("#eaeff3", "#d1dce6"),
    ("#f6e9e3", "#ebd1c5"), ("#f5f0dc", "#e7dbb4"), ("#efe9f0", "#dccfe0"),
)  # fmt: skip
DEEP_WALLS = (
    ("#bccbbf", "#a2b6a7"), ("#d9bb9f", "#c8a280"), ("#aec2d0", "#92abbc"), ("#dbae9d", "#cb9480"),
)  # fmt: skip
CLEARLY_DIFFERENT = 65  # summed over red, green and blue

Rgb = tuple[int, int, int]


def named_colour(words: list[str]) -> str | None:
    """The first word that names a colour or a material, as a hex value."""
    return next((COLOURS[word] for word in words if word in COLOURS), None)


def rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with that share of `other` stirred in."""
    pairs = zip(rgb(colour), rgb(other), strict=True)
    return "#" + "".join(f"{round(mine * (1 - share) + theirs * share):02x}" for mine, theirs in pairs)


def brightness(colour: str) -> float:
    red, green, blue = rgb(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def distance(colour: str, other: str) -> int:
    return sum(abs(mine - theirs) for mine, theirs in zip(rgb(colour), rgb(other), strict=True))


def farthest(colour: str, candidates: tuple[str, ...], pick: int) -> str:
    """One of the half of the candidates that stands out best against the colour; `pick` says which."""
    best = sorted(candidates, key=lambda candidate: -distance(colour, candidate))[: len(candidates) // 2]
    return best[pick % len(best)]


def distinct(colour: str, candidates: tuple[str, ...], pick: int) -> str:
    """Any of the candidates that can be told from the colour, or else the one that differs most."""
    different = [candidate for candidate in candidates if distance(colour, candidate) >= CLEARLY_DIFFERENT]
    return (
        different[pick % len(different)]
        if different
        else max(candidates, key=lambda candidate: distance(colour, candidate))
    )
