"""Notebooks, calendars and cards."""

from seeds.draft import Kind, Leaf, colours, draft, option, steps

_CURATED = (
    draft(
        "Daybreak Notebook",
        "A notebook that lies flat on every page, thread-bound in a linen cover. 192 pages of 100 g paper that "
        "fountain pens like. One ribbon, one pocket at the back.",
        22_00,
        340,
        colours("Navy", "Mustard", "Sage"),
        option("Ruling", "Dotted", "Lined"),
    ),
    draft(
        "Field Notes Pocket Notebook",
        "Fits the back pocket of a pair of jeans and bends with it. 64 pages, stapled, with a ruler printed inside "
        "the cover. Sold in threes.",
        13_50,
        120,
        colours("Kraft", "Forest", "Rust"),
    ),
    draft(
        "Cartographer Notebook",
        "A large notebook with one page for words and one for drawings, ruled and blank in turn. The cover is a map "
        "of nowhere, embossed.",
        29_00,
        620,
        colours("Teal", "Sand"),
    ),
    draft(
        "Graphite Sketchbook",
        "Heavy, slightly toothed paper that takes graphite, ink and a light wash. The spine opens flat for drawings "
        "across both pages. 120 pages.",
        26_50,
        580,
        steps("Format", 9_00, 320, "A5", "A4"),
    ),
    draft(
        "Aquarelle Sketchbook",
        "Cotton paper of 300 g that stays flat when it is wet. Cold-pressed, with a grain that holds pigment. 24 "
        "sheets, glued on two sides.",
        38_00,
        690,
        steps("Format", 12_00, 400, "A5", "A4"),
    ),
    draft(
        "Weekly Planner",
        "A week on the left, room for thoughts on the right, and no dates, so it can begin on any Monday. Bound to "
        "last a year of bags.",
        27_00,
        380,
        colours("Black", "Terracotta", "Sage"),
    ),
    draft(
        "One Line a Day Planner",
        "Five years on every page, one line for each. By the second year you write it for the pleasure of looking "
        "up. Cloth-bound, gilt edge.",
        31_00,
        520,
        colours("Navy", "Blush"),
    ),
    draft(
        "Almanac Wall Calendar",
        "Twelve linocuts of what is in season, with the phases of the moon. Printed in two colours on uncoated "
        "paper. Hangs from a wooden rail.",
        28_00,
        410,
    ),
    draft(
        "Perpetual Desk Calendar",
        "Three blocks and a tray: turn them each morning and the year never ends. "
        "Also a small exercise in arriving. Oiled wood.",
        36_00,
        450,
        option("Wood", "Beech", "Walnut"),
    ),
    draft(
        "Letterpress Card Set",
        "Eight cards printed on a press from 1931, deep enough to feel the type. Blank inside. "
        "With eight lined envelopes.",
        21_50,
        230,
        colours("Blush", "Sage", "Navy"),
    ),
    draft(
        "Thank You Card Set",
        "Ten small cards that say it on the outside, so you can say why on the inside. "
        "Recycled cotton paper with torn edges.",
        18_00,
        180,
        colours("Cream", "Mustard"),
    ),
    draft(
        "Airmail Envelope Box",
        "Fifty light envelopes with the striped border that makes letters look far-travelled. Gummed, not glued: "
        "bring your own tongue. C6.",
        15_90,
        260,
    ),
    draft(
        "Desk Pad of Squares",
        "Fifty sheets of fine grey squares in the size of a keyboard. For lists, layouts and telephone drawings. "
        "Glued at the top.",
        17_50,
        540,
        steps("Format", 6_00, 450, "A4", "A3"),
    ),
    draft(
        "Reporter Spiral Pad",
        "Flips over the top, tears out cleanly, and stands on its own on the desk. "
        "80 sheets of smooth paper in a stiff cover.",
        9_90,
        210,
        colours("Yellow", "Black", "Red"),
    ),
    draft(
        "Composition Notebook",
        "The marbled cover that everyone knows, around paper that deserves it. "
        "Sewn, with round corners and a box for your name.",
        12_50,
        290,
        colours("Black", "Forest", "Rust"),
        option("Ruling", "Lined", "Squared"),
    ),
    draft(
        "Recipe Notebook",
        "Pages for a hundred recipes with room for stains and second thoughts. The cover wipes clean. "
        "Tabs from soups to sweets.",
        24_00,
        480,
        colours("Terracotta", "Olive"),
    ),
    draft(
        "Garden Journal",
        "A page for each week of the year: what was sown, what came up, what the slugs had. Seed pockets at the "
        "back. Water-repellent cover.",
        25_50,
        430,
        colours("Forest", "Oat"),
    ),
    draft(
        "Linen Photo Album",
        "Sixty ivory pages with glassine between them, for photographs that you still want to hold. A window in the "
        "cover takes the best one.",
        46_00,
        1250,
        colours("Oat", "Slate", "Blush"),
    ),
    draft(
        "Manuscript Paper Pad",
        "Music paper with twelve staves to the page, ruled in a warm grey that stays behind the notes. "
        "50 sheets, perforated.",
        16_00,
        390,
    ),
    draft(
        "Leather Traveller Notebook",
        "A cover of vegetable-tanned leather, an elastic and two thin booklets that you replace when they are full. "
        "Every scratch makes it more yours.",
        54_00,
        360,
        colours("Cognac", "Black"),
        steps("Format", 12_00, 120, "Passport", "Standard"),
    ),
)

_KINDS = (
    Kind(
        "Notebook",
        "A notebook that opens flat and takes ink without bleeding through.",
        (9, 34),
        (180, 480),
        option("Ruling", "Lined", "Dotted", "Plain"),
    ),
    Kind(
        "Sketchbook",
        "A sketchbook with paper that forgives a second line.",
        (14, 44),
        (320, 720),
        steps("Format", 8_00, 300, "A5", "A4"),
    ),
    Kind("Planner", "A planner with a week to a spread and space for what wasn't planned.", (16, 38), (260, 480)),
    Kind(
        "Wall Calendar", "A wall calendar that you keep for its pictures when the year is over.", (16, 39), (280, 520)
    ),
    Kind(
        "Card Set", "A set of blank cards with envelopes, for letters that are one sentence long.", (9, 26), (120, 280)
    ),
    Kind("Spiral Pad", "A pad with a sturdy spiral that folds right around.", (6, 18), (160, 420)),
)

NOTEBOOKS = Leaf(
    slug="notebooks",
    name="Notebooks & Cards",
    description="Notebooks, planners, calendars and cards on paper worth writing on.",
    sku_prefix="NOT",
    curated=_CURATED,
    kinds=_KINDS,
    makings=("Linen", "Clothbound", "Recycled", "Letterpress", "Thread-bound", "Softcover", "Marbled", "Cotton Paper"),
    colours=(
        "Kraft",
        "Cream",
        "Mustard",
        "Terracotta",
        "Rust",
        "Blush",
        "Plum",
        "Navy",
        "Sky Blue",
        "Teal",
        "Sage",
        "Black",
    ),
    remarks=(
        "Made of European paper from managed forests, and bound with thread, not with glue.",
        "The paper is slightly warm in tone, which is kind to the eye on long evenings.",
        "Tested with fountain pen, pencil and fine liner. The corners are rounded so that they stay that way.",
        "Wrapped in a paper band, never in plastic. The last pages are perforated.",
    ),
)
