"""Board games, cards, dice and puzzles."""

from seeds.draft import Kind, Leaf, colours, draft, option, steps

_CURATED = (
    draft(
        "Tournament Chess Set",
        "Weighted pieces with felted feet and a board without glare. The knights are carved by one man in Amritsar. "
        "All in a box that is the board.",
        129_00,
        2600,
        option("Wood", "Walnut", "Oak"),
    ),
    draft(
        "Pocket Magnetic Chess",
        "Folds to the size of a paperback and keeps its position in turbulence. Flat magnetic pieces, two spare pawns.",
        29_00,
        260,
        colours("Navy", "Forest"),
    ),
    draft(
        "Backgammon Case",
        "A case of felt and leather that rolls quietly and closes on an unfinished game. With four dice, a doubling "
        "cube and two cups.",
        118_00,
        1900,
        colours("Cognac", "Forest", "Navy"),
    ),
    draft(
        "Go Board and Stones",
        "A full 19-line board of spruce with slate and shell-white stones in woven bowls. "
        "The easiest rules of any deep game.",
        94_00,
        3400,
    ),
    draft(
        "Nine Men's Morris Board",
        "Older than chess, learned in three minutes. Slate board, brass and steel men, cotton bag.",
        42_00,
        880,
    ),
    draft(
        "Draughts Board Set",
        "Draughts on one side, Chinese checkers on the other. Solid beech, with a drawer for the pieces.",
        54_00,
        1350,
    ),
    draft(
        "Lighthouse Board Game",
        "You keep the light, the sea throws the dice. A cooperative game for two to five that is over in an hour "
        "and spoken of for longer. From eight years.",
        39_90,
        1150,
    ),
    draft(
        "Orchard Market Board Game",
        "Buy low, bake pies, sell high before the frost comes. A trading game with a real pair of scales. Two to "
        "four players, from ten.",
        44_90,
        1400,
    ),
    draft(
        "Night Train Board Game",
        "Someone in the sleeping car isn't who they claim. Six passengers, eleven stations, one alibi too many. "
        "Three to six players.",
        36_00,
        980,
    ),
    draft(
        "Bird Atlas Card Game",
        "Collect ninety birds by habitat, song and season. Watercolours by an ornithologist, rules by a "
        "mathematician. Two to five players.",
        24_90,
        420,
    ),
    draft(
        "Linen Playing Cards",
        "A deck with linen finish that fans and shuffles as it should. Court cards redrawn, with the queens awake "
        "at last. Poker size.",
        12_90,
        105,
        colours("Red", "Navy", "Forest"),
    ),
    draft(
        "Old Tarot Playing Cards",
        "Seventy-eight cards after a woodcut deck of 1760, for playing the game and for looking at. "
        "With a booklet of rules.",
        26_00,
        260,
    ),
    draft(
        "Word Ladder Card Game",
        "Change one letter, keep the meaning, lose your temper. A quick word game for trains. One to six players.",
        16_90,
        190,
        option("Language", "English", "German", "French"),
    ),
    draft(
        "Bone Dice Set",
        "Six dice with round corners and drilled pips that are balanced to a hair. "
        "In a leather cup that muffles the drama.",
        28_00,
        240,
        colours("Cream", "Red", "Black"),
    ),
    draft(
        "Polyhedral Dice Set",
        "Seven dice from four to twenty sides, cast in resin that looks like deep water. "
        "Numbers that you can read by candlelight.",
        21_50,
        95,
        colours("Teal", "Plum", "Amber"),
    ),
    draft(
        "Double Nine Domino Set",
        "Fifty-five heavy tiles with coloured pips and a pin in the middle, so they spin. "
        "They sound right on a wooden table.",
        34_00,
        1150,
        colours("Cream", "Black"),
    ),
    draft(
        "Coastline Jigsaw Puzzle",
        "An aerial photograph of the Hebrides at low tide. Thick board, clean cut, no dust. "
        "The sea is harder than it looks.",
        29_90,
        780,
        steps("Pieces", 8_00, 420, "500 pieces", "1000 pieces"),
    ),
    draft(
        "Botanical Jigsaw Puzzle",
        "A plate from an old herbal, with every leaf in another green. A poster in the box, for the desperate.",
        27_50,
        760,
        steps("Pieces", 8_00, 400, "500 pieces", "1000 pieces"),
    ),
    draft(
        "Wooden Jigsaw Puzzle",
        "Two hundred pieces cut by laser, a dozen of them in the shape of animals. "
        "It fits with a click and smells of beech.",
        48_00,
        520,
        option("Picture", "Harbour", "Fox", "Moon"),
    ),
    draft(
        "Tumbling Tower Game",
        "Fifty-four blocks, no two exactly alike, which is the secret of it. Beech, sanded by hand. "
        "Suspense from five years.",
        32_00,
        1250,
    ),
)

_KINDS = (
    Kind(
        "Board Game",
        "A board game that is explained in five minutes and played for years.",
        (24, 59),
        (780, 1600),
        option("Language", "English", "German", "French"),
    ),
    Kind(
        "Card Game",
        "A card game for a table of friends or a train of strangers.",
        (9, 29),
        (120, 420),
        option("Language", "English", "German"),
    ),
    Kind("Chess Set", "A chess set with weighted pieces and a board that folds.", (34, 149), (700, 2800)),
    Kind(
        "Jigsaw Puzzle",
        "A jigsaw with thick pieces that fit once and only once.",
        (19, 44),
        (480, 1100),
        steps("Pieces", 8_00, 400, "500 pieces", "1000 pieces"),
    ),
    Kind("Dice Set", "A set of balanced dice with round corners.", (9, 34), (80, 260)),
    Kind("Domino Set", "A set of heavy dominoes that click as they should.", (19, 44), (620, 1250)),
)

GAMES = Leaf(
    slug="games-puzzles",
    name="Games & Puzzles",
    description="Board games, cards, dice and puzzles for long evenings.",
    sku_prefix="GAM",
    curated=_CURATED,
    kinds=_KINDS,
    makings=("Travel", "Classic", "Family", "Pocket", "Deluxe", "Wooden", "Illustrated", "Evening"),
    colours=(
        "Cream",
        "Amber",
        "Mustard",
        "Rust",
        "Red",
        "Plum",
        "Navy",
        "Sky Blue",
        "Teal",
        "Forest",
        "Walnut",
        "Black",
    ),
    remarks=(
        "The rules fit on one page, and lost pieces are replaced free of charge.",
        "Printed in Germany on board of recycled fibre. The box is no larger than it must be.",
        "For two to five players, and for more when you play in teams.",
        "Tried out in three pubs and one primary school. Both audiences asked for another round.",
    ),
)
