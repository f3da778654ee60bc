"""Lamps, lanterns and candle holders."""

from seeds.draft import Kind, Leaf, colours, draft, option, sizes, steps

_CURATED = (
    draft(
        "Solveig Table Lamp",
        "A linen shade on a turned base throws a round pool of light on the book and leaves the room in peace. The "
        "switch sits on the cord, where the hand falls. E27, bulb not included.",
        89_00,
        1900,
        colours("Oat", "Forest", "Rust"),
    ),
    draft(
        "Arkitekt Desk Lamp",
        "Two springs, three joints, and it stays exactly where you leave it. The head turns freely, the clamp holds "
        "tops up to 6 cm. Warm white LED, dimmable.",
        119_00,
        2300,
        colours("Black", "Red", "White"),
    ),
    draft(
        "Bell Pendant Lamp",
        "A spun metal bell, lacquered outside and white inside. Hung low over a table it makes a place of it. 2 m "
        "of textile cable.",
        98_00,
        1400,
        colours("Mustard", "Slate", "Brass"),
        steps("Diameter", 35_00, 600, "28 cm", "40 cm"),
    ),
    draft(
        "Paper Moon Pendant",
        "Japanese paper on a bamboo spiral, folded flat in its box and as large as a full moon when it hangs. Light "
        "comes from all of it.",
        36_00,
        420,
        sizes("45 cm", "60 cm"),
    ),
    draft(
        "Heron Floor Lamp",
        "It stands on one leg and bends its neck over your armchair. The heavy foot keeps it upright, a touch on "
        "the shade dims it in three steps.",
        189_00,
        6400,
        colours("Black", "Brass", "Sage"),
    ),
    draft(
        "Tripod Floor Lamp",
        "Three legs of oiled wood under a drum shade. Folds to the width of a broomstick for moving house. "
        "Foot switch included.",
        164_00,
        4900,
        option("Wood", "Oak", "Walnut"),
    ),
    draft(
        "Keeper Storm Lantern",
        "A lantern after the ones that railway guards carried. The glass lifts with a lever, and wind doesn't reach "
        "the flame. Burns lamp oil for 20 hours.",
        44_00,
        900,
        colours("Red", "Black", "Forest"),
    ),
    draft(
        "Glow Rechargeable Lantern",
        "A lantern for the balcony, the tent and the power cut. Sixty hours on low, six on full, charged by USB-C. "
        "The handle is a hook as well.",
        52_00,
        480,
        colours("Sand", "Navy", "Rust"),
    ),
    draft(
        "Taper Candle Holder",
        "A solid brass holder that takes a household candle and a dinner candle alike. It darkens with the years; "
        "lemon brings the shine back.",
        28_00,
        430,
        option("Finish", "Brass", "Black", "Silver"),
    ),
    draft(
        "Trio Candle Holder",
        "Three arms at three heights, for candles that burn down at three speeds. "
        "Cast iron with a wax-catching saucer.",
        49_00,
        1300,
    ),
    draft(
        "Button Wall Lamp",
        "A small round wall lamp that can also go on the ceiling. It lights the wall rather than your eyes. LED, 7 "
        "W, with a pull cord.",
        67_00,
        720,
        colours("White", "Teal", "Terracotta"),
    ),
    draft(
        "Reading Clip Lamp",
        "Clips to a shelf, a headboard or a music stand. The gooseneck stays where it is bent. Three colours of "
        "white, from sunset to noon.",
        34_90,
        390,
        colours("Black", "White", "Mustard"),
    ),
    draft(
        "Opal Globe Table Lamp",
        "A globe of opal glass on a disc of marble. Off, it is an object; on, it is a small calm planet. Dims by "
        "turning the globe.",
        134_00,
        2700,
        steps("Diameter", 30_00, 900, "20 cm", "28 cm"),
    ),
    draft(
        "Mushroom Table Lamp",
        "One piece of pleated glass in the shape of a mushroom, as in every good Italian hotel of 1974. "
        "Warm from cap to foot.",
        112_00,
        1850,
        colours("Amber", "White", "Smoke"),
    ),
    draft(
        "Factory Pendant Lamp",
        "An enamelled shade from the moulds of an old lamp works. It has lit looms, and it will light your kitchen "
        "island. Porcelain socket.",
        128_00,
        1900,
        colours("Forest", "White", "Black"),
    ),
    draft(
        "Willow Basket Pendant",
        "Woven from peeled willow by a basket maker, so the wall fills with fine shadows. "
        "The ring inside takes any E27 socket.",
        86_00,
        650,
        option("Willow", "Natural", "Smoked"),
    ),
    draft(
        "Ember Tea Light Set of Six",
        "Six small cups of thick coloured glass. A tea light turns each one into an ember. "
        "Stackable when summer comes.",
        27_50,
        840,
        colours("Amber", "Rust", "Sea Green"),
    ),
    draft(
        "Festoon String Lamp",
        "Ten metres of outdoor cable with twenty sockets and twenty plastic bulbs that survive a fall. Two strings "
        "can be joined. Rain is fine.",
        74_00,
        1700,
        option("Cable", "Black", "White"),
    ),
    draft(
        "Pocket Night Lamp",
        "A night light the size of a pebble. It wakes when you reach for it and falls asleep by itself after ten "
        "minutes. Silicone, charged by USB-C.",
        24_90,
        140,
        colours("White", "Blush", "Sky Blue"),
    ),
    draft(
        "Banker Desk Lamp",
        "A long glass shade over a brass stem, for ledgers and late letters. Pull the chain and work begins. "
        "The foot is felted.",
        142_00,
        2900,
        colours("Forest", "Amber"),
    ),
)

_KINDS = (
    Kind("Table Lamp", "A table lamp that makes one corner of the room the best one.", (49, 149), (1100, 2800)),
    Kind("Desk Lamp", "A desk lamp with an arm that goes where you look and stays there.", (59, 159), (1300, 2600)),
    Kind(
        "Pendant Lamp",
        "A pendant that lights the table and flatters whoever sits at it.",
        (49, 169),
        (500, 1900),
        steps("Diameter", 25_00, 450, "28 cm", "38 cm"),
    ),
    Kind("Floor Lamp", "A floor lamp with a heavy foot and a light touch.", (99, 249), (3800, 7200)),
    Kind("Lantern", "A lantern to carry, hang or stand wherever it gets dark.", (29, 79), (420, 1200)),
    Kind("Candle Holder", "A candle holder that stands firmly and catches its own wax.", (14, 59), (220, 1100)),
)

LIGHTING = Leaf(
    slug="lighting",
    name="Lighting",
    description="Lamps, lanterns and candle holders for light where it is wanted.",
    sku_prefix="LIG",
    curated=_CURATED,
    kinds=_KINDS,
    makings=("Linen", "Opal", "Brass", "Spun Metal", "Pleated", "Enamelled", "Ribbed", "Dome"),
    colours=("White", "Oat", "Sand", "Mustard", "Brass", "Rust", "Red", "Sage", "Forest", "Teal", "Slate", "Black"),
    remarks=(
        "The cable is covered in cotton and long enough for an old house. Takes any E27 bulb.",
        "Comes with a warm LED that can be dimmed and, when its day comes, replaced.",
        "Assembled without tools in five minutes. The shade can be bought again on its own.",
        "Lacquered by hand in thin coats. It looks as good switched off as on.",
    ),
)
