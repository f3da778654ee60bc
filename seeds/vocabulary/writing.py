"""Pens, pencils and the small things that keep a desk in order."""

from seeds.draft import Kind, Leaf, colours, draft, option, sizes, steps

_CURATED = (
    draft(
        "Kestrel Fountain Pen",
        "A light pen with a springy steel nib and a cap that posts. Takes cartridges or the converter that is in "
        "the box. It starts on the first stroke, even after a holiday.",
        49_00,
        22,
        colours("Navy", "Forest", "Rust"),
        option("Nib", "Fine", "Medium"),
    ),
    draft(
        "Atelier Fountain Pen",
        "Turned from a rod of resin that looks like smoke in a bottle. The nib is gold-plated and wets the paper "
        "generously. A pen for signatures and for letters.",
        145_00,
        31,
        colours("Smoke", "Amber"),
        option("Nib", "Fine", "Medium", "Broad"),
    ),
    draft(
        "Hexa Ballpoint Pen",
        "Six sides, so it doesn't roll off the drawing board. A brass body with a click that is fun in meetings. "
        "Standard refill.",
        34_00,
        28,
        option("Finish", "Brass", "Black", "Silver"),
    ),
    draft(
        "Drafting Pencil 0.5",
        "A mechanical pencil with its weight at the tip, where it helps. The sleeve retracts, so shirts survive. "
        "Made for ruler and free hand.",
        27_00,
        18,
        colours("Black", "Silver", "Red"),
    ),
    draft(
        "Cedar Pencil Dozen",
        "Twelve pencils of incense cedar that sharpen to a long, clean point. Unlacquered, stamped with their "
        "grade. They smell of the first day of school.",
        14_90,
        90,
        option("Grade", "HB", "2B", "4B"),
    ),
    draft(
        "Pastel Colour Pencil Tin",
        "Twenty-four soft colours that layer and blend. The leads are thick and don't mind being pressed. In a tin "
        "that closes with a snap.",
        38_00,
        320,
        steps("Set", 16_00, 150, "24 colours", "36 colours"),
    ),
    draft(
        "Calligraphy Brush Pen Set",
        "Four pens with a real brush tip, from hair-thin to bold. "
        "The ink is made of soot and doesn't mind water once it is dry.",
        24_50,
        70,
    ),
    draft(
        "Ferrous Ink Bottle",
        "An iron-gall ink that goes on pale and darkens as it dries. Permanent, and gentle to modern pens. 50 ml in "
        "a bottle with a well for the last drop.",
        16_50,
        190,
        colours("Navy", "Black", "Plum"),
    ),
    draft(
        "Lagoon Ink Bottle",
        "A shading ink: every stroke runs from pale to deep like water over sand. Washes out of fingers. 35 ml.",
        14_50,
        150,
        colours("Teal", "Sea Green", "Amber"),
    ),
    draft(
        "Chisel Pen Cup",
        "Cast concrete with a felt foot. It holds thirty pens, or one succulent. Heavy enough to be a bookend too.",
        22_00,
        740,
        colours("Grey", "Terracotta", "White"),
    ),
    draft(
        "Valet Desk Tray",
        "A tray with a place for keys, pens, paper clips and the coin that you always find. Milled from one plank "
        "and lined with wool felt.",
        58_00,
        690,
        option("Wood", "Oak", "Walnut"),
    ),
    draft(
        "Ledger Letter Tray",
        "Folded steel with rounded edges, stackable without screws. A thumb cut-out gets at the last sheet.",
        39_00,
        1150,
        colours("White", "Slate", "Mustard"),
    ),
    draft(
        "Tailor Desk Scissors",
        "Long blades with a fine tip, ground in Solingen. They cut paper for years if you keep them from tape.",
        32_00,
        140,
        option("Handle", "Black", "Brass"),
        sizes("16 cm", "21 cm"),
    ),
    draft(
        "Brass Ruler",
        "A ruler that lies where it is put and is exact to a tenth of a millimetre. Edges bevelled for ink. It will "
        "darken with your hands.",
        19_50,
        85,
        steps("Length", 8_00, 60, "15 cm", "30 cm"),
    ),
    draft(
        "Anchor Tape Dispenser",
        "A cast foot with rubber soles: pull the tape and only the tape comes. Takes both core sizes.",
        29_90,
        980,
        colours("Slate", "White", "Red"),
    ),
    draft(
        "Snap Stapler",
        "Opens wide for pinning, closes with a dry snap, and clears its own jams. Staples twenty sheets. All metal.",
        26_50,
        310,
        colours("Teal", "Black", "Mustard"),
    ),
    draft(
        "Meadow Desk Mat",
        "Thick wool felt under the keyboard, a strip of leather along the edge. Quiet, warm and rolled in a tube. "
        "80 by 35 cm.",
        49_90,
        620,
        colours("Grey", "Forest", "Sand"),
    ),
    draft(
        "Long Point Sharpener",
        "Two holes, two steps: first the wood, then the lead. Points come out long enough to draw with all morning. "
        "Solid brass.",
        18_00,
        95,
    ),
    draft(
        "Clip Collection Box",
        "Paper clips, binder clips and map pins in brass, sorted in a tin with six rooms. You won't run out before "
        "the decade does.",
        17_90,
        260,
        option("Finish", "Brass", "Silver"),
    ),
    draft(
        "Kneaded Eraser Pair",
        "Two erasers, one to knead into a point and one firm for edges. No crumbs, no grey shadows. In a cotton bag.",
        8_50,
        60,
    ),
)

_KINDS = (
    Kind(
        "Fountain Pen",
        "A fountain pen with a smooth nib and an honest clip.",
        (24, 159),
        (16, 34),
        option("Nib", "Fine", "Medium"),
    ),
    Kind("Ballpoint Pen", "A ballpoint that is a pleasure to click and easy to refill.", (9, 59), (12, 30)),
    Kind("Pencil Set", "A set of pencils that sharpen without splitting.", (8, 34), (60, 240)),
    Kind("Ink Bottle", "A well-behaved ink with lively shading, in a bottle that opens wide.", (9, 26), (120, 210)),
    Kind("Pen Cup", "A cup that keeps pens upright and stays put.", (12, 39), (240, 800)),
    Kind("Desk Tray", "A tray that gives small things a place to be found.", (19, 69), (320, 1100)),
)

WRITING = Leaf(
    slug="pens-desk",
    name="Pens & Desk",
    description="Pens, pencils and inks, and what keeps a desk in order.",
    sku_prefix="PEN",
    curated=_CURATED,
    kinds=_KINDS,
    makings=("Classic", "Brass", "Turned", "Slim", "Studio", "Everyday", "Faceted", "Matt"),
    colours=("Black", "Smoke", "Silver", "Brass", "Amber", "Rust", "Red", "Plum", "Navy", "Teal", "Forest", "White"),
    remarks=(
        "Every part unscrews, so it can be cleaned, repaired and passed on.",
        "It was drawn by a designer who takes minutes by hand. You notice it after the second page.",
        "Comes in a box of recycled board that makes a good drawer divider afterwards.",
        "Finished by hand in a workshop of nine people. Small traces of work are welcome.",
    ),
)
