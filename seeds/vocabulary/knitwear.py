"""Tees, shirts, sweaters and jackets."""

from seeds.draft import Kind, Leaf, colours, draft, option, sizes

_CLOTHES = ("S", "M", "L")

_CURATED = (
    draft(
        "Everyday Heavy Tee",
        "A T-shirt with some weight to it: 220 g organic cotton that keeps its shape and its collar. Cut straight, "
        "neither slim nor wide. Washed before it is sewn.",
        34_00,
        230,
        colours("White", "Navy"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Breton Striped Tee",
        "Long sleeves, a boat neck and stripes that meet at the seams, as the French navy intended. "
        "Sturdy jersey from Brittany.",
        59_00,
        280,
        colours("Navy", "Red"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Pocket Slub Tee",
        "Uneven yarn makes a cloth that looks lived-in on the first day. One pocket, big enough for sunglasses. "
        "Gets softer.",
        38_00,
        190,
        colours("Sage", "Rust"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Oxford Button-Down Shirt",
        "Oxford cloth with a roll in the collar that survives the iron. Buttons of mother-of-pearl, a loop in the "
        "back. To be worn with or without reason.",
        89_00,
        320,
        colours("White", "Sky Blue"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Linen Summer Shirt",
        "Belgian linen, garment-washed, with a small stand-up collar. It creases, and it suits it. "
        "The coolest thing in August.",
        95_00,
        240,
        colours("Oat", "Sage"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Lumber Flannel Shirt",
        "Brushed on both sides, checked on one. Two chest pockets with flaps, and tails long enough to stay tucked in.",
        84_00,
        380,
        colours("Red", "Forest"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Moleskin Overshirt",
        "Half shirt, half jacket, in cotton moleskin that turns the wind. Pockets for hands and for a notebook. It "
        "will be your spring.",
        139_00,
        720,
        colours("Olive", "Navy"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Fisherman Sweater",
        "Five-gauge wool, knitted in one piece in Donegal. The rib at neck and hem holds for decades. Smells "
        "faintly of sheep when it rains.",
        149_00,
        850,
        colours("Cream", "Navy"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Lambswool Crew Sweater",
        "Fine lambswool with saddle shoulders, fully fashioned: no cut edges anywhere. Warm enough alone, thin "
        "enough under a coat.",
        119_00,
        380,
        colours("Mustard", "Forest"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Nordic Yoke Sweater",
        "A round yoke with a pattern of snow and spruce, after one that a grandmother in Voss still knits. Undyed "
        "wool apart from the yoke.",
        169_00,
        690,
        colours("Slate", "Rust"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Cotton Cable Sweater",
        "Cables without the itch: combed cotton for those who can't wear wool. Machine washable. Loose at the neck.",
        98_00,
        620,
        colours("White", "Blush"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Merino Turtleneck Sweater",
        "Extra-fine merino that can be folded once or worn crumpled. Wear it four days, air it one. It doesn't mind.",
        109_00,
        290,
        colours("Black", "Plum"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Shawl Collar Cardigan",
        "A cardigan with the gravity of a good armchair. Leather buttons, deep pockets, double-knitted collar.",
        159_00,
        910,
        colours("Charcoal", "Oat"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Harbour Hoodie",
        "Loopback cotton, a hood lined in jersey and a zip that doesn't buckle. "
        "The cuffs are ribbed and return to form.",
        89_00,
        640,
        colours("Grey", "Navy"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Climber Pullover Hoodie",
        "Heavy fleece with a gusset under the arm, so that it stays down when you reach up. No strings to dangle.",
        94_00,
        680,
        colours("Rust", "Teal"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Worker Jacket",
        "The French labourer's jacket in cotton drill: three pockets, five buttons, nothing else. Fades at the "
        "elbows like a favourite book.",
        125_00,
        880,
        colours("Blue", "Black"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Waxed Field Jacket",
        "Waxed cotton, a corduroy collar and a pocket for the map. Water runs off, dogs can lean on it. "
        "Re-wax once a year.",
        219_00,
        1450,
        colours("Olive", "Navy"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Rain Shell Jacket",
        "Three layers, taped seams, and a hood that turns with your head. Vents under the arms. "
        "Packs into its own pocket.",
        189_00,
        420,
        colours("Mustard", "Slate"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Quilted Liner Jacket",
        "Diamond quilting over recycled fill. Under a coat in January, on its own in April. Snaps, no zip.",
        129_00,
        460,
        colours("Forest", "Sand"),
        sizes(*_CLOTHES),
    ),
    draft(
        "Corduroy Overshirt Jacket",
        "Eight wales of soft corduroy, with horn buttons and patch pockets. "
        "It makes everyone look like a kind professor.",
        145_00,
        830,
        colours("Cognac", "Moss"),
        sizes(*_CLOTHES),
    ),
)

_KINDS = (
    Kind(
        "Tee",
        "A T-shirt with a collar that stays flat and a length that stays put.",
        (19, 49),
        (160, 260),
        sizes(*_CLOTHES),
    ),
    Kind(
        "Shirt",
        "A shirt that looks pressed from a distance and feels slept-in up close.",
        (49, 109),
        (220, 390),
        sizes(*_CLOTHES),
    ),
    Kind(
        "Sweater",
        "A sweater to be pulled over the head when the evening turns cool.",
        (69, 179),
        (320, 860),
        sizes(*_CLOTHES),
    ),
    Kind("Cardigan", "A cardigan with pockets that keep their shape.", (79, 179), (420, 920), sizes(*_CLOTHES)),
    Kind("Hoodie", "A hoodie of heavy cotton with a hood worth the name.", (59, 109), (520, 720), sizes(*_CLOTHES)),
    Kind(
        "Jacket",
        "A jacket for the months in between, with pockets in the right places.",
        (99, 249),
        (480, 1500),
        option("Size", "M", "L"),
    ),
)

KNITWEAR = Leaf(
    slug="shirts-knitwear",
    name="Shirts & Knitwear",
    description="Tees, shirts, sweaters and jackets in honest cloth.",
    sku_prefix="SHI",
    curated=_CURATED,
    kinds=_KINDS,
    makings=("Cotton", "Linen", "Merino", "Lambswool", "Flannel", "Ribbed", "Garment-dyed", "Brushed"),
    colours=(
        "White",
        "Cream",
        "Oat",
        "Mustard",
        "Rust",
        "Red",
        "Plum",
        "Navy",
        "Sky Blue",
        "Sage",
        "Forest",
        "Charcoal",
    ),
    remarks=(
        "Sewn in Portugal from organic yarn. True to size; take the larger one if you like it loose.",
        "Wash it cold, dry it flat, and it will be around for a long time.",
        "Seams are double, buttons are sewn on crosswise, and there is a spare one inside.",
        "The colour is dyed in small lots and may vary by a breath. It fades gently.",
    ),
)
