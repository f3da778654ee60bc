"""Mugs, bowls, plates and what else stands on the table."""

from seeds.draft import Kind, Leaf, colours, draft, option, sizes, steps

_CURATED = (
    draft(
        "Harbour Mug",
        "A stoneware mug with a straight wall and a handle that takes three fingers. The glaze breaks to bare clay "
        "at the rim, so no two look quite alike. Holds 350 ml and goes into the dishwasher.",
        18_90,
        380,
        colours("Navy", "Sand", "Moss"),
    ),
    draft(
        "Ronda Espresso Cup",
        "A small, thick-walled cup that keeps two sips of espresso hot. Its rounded inside is kind to the crema. "
        "Sold singly, stacks neatly.",
        11_50,
        160,
        colours("White", "Terracotta", "Black"),
    ),
    draft(
        "Linnea Breakfast Bowl",
        "Deep enough for porridge with everything on it, wide enough to warm both hands. Turned stoneware with a "
        "satin glaze. Microwave and dishwasher safe.",
        21_00,
        520,
        colours("Oat", "Sky Blue", "Forest"),
        steps("Size", 5_00, 180, "14 cm", "17 cm"),
    ),
    draft(
        "Marea Dinner Plate",
        "A flat plate with a low, upright edge that keeps the sauce where it belongs. The reactive glaze pools like "
        "water at low tide. Fired twice, hard to chip.",
        24_50,
        780,
        colours("Teal", "Sand"),
    ),
    draft(
        "Skerry Pasta Plate",
        "Half plate, half bowl, and the one that is always in the dishwasher. The broad rim stays cool enough to "
        "carry. 23 cm across.",
        22_90,
        690,
        colours("Slate", "White", "Rust"),
    ),
    draft(
        "Elder Teapot",
        "A round-bellied teapot that pours without dripping, which is rarer than it should be. Comes with a steel "
        "strainer for loose leaves. Fills four cups.",
        64_00,
        1100,
        colours("Forest", "Cream", "Charcoal"),
    ),
    draft(
        "Anker Milk Jug",
        "A pinch of the clay while it was still wet made the spout; the potter does it every time in the same "
        "place. For milk, sauce or a few anemones. Holds 300 ml.",
        26_00,
        310,
        colours("White", "Navy"),
    ),
    draft(
        "Costa Water Pitcher",
        "A tall pitcher for the middle of the table, with an ice lip and a comfortable weight even when full. "
        "Glazed inside and out. Holds 1.5 litres.",
        48_00,
        1250,
        colours("Sky Blue", "Mustard", "White"),
    ),
    draft(
        "Brisa Tumbler Set of Four",
        "Four hand-blown glasses of recycled glass, each with a few small bubbles to prove it. They stack, and they "
        "bounce more often than they break. 280 ml each.",
        39_90,
        960,
        colours("Clear", "Sea Green", "Amber"),
    ),
    draft(
        "Vesper Wine Glass Pair",
        "Thin at the lip, sturdy at the stem, and short enough for the top rack. One shape for red, white and "
        "everything in between. Two in a box.",
        34_00,
        340,
        colours("Clear", "Smoke"),
    ),
    draft(
        "Gable Salad Bowl",
        "A generous bowl with steep walls, so that tossing a salad leaves it in the bowl. Turned from a single "
        "piece of wood and oiled. Wipe it, don't soak it.",
        72_00,
        1150,
        option("Wood", "Oak", "Walnut"),
        steps("Size", 18_00, 500, "26 cm", "32 cm"),
    ),
    draft(
        "Picnic Enamel Mug",
        "Steel, two coats of enamel and a rolled rim: it can stand on the camp stove or in the office sink. Dents "
        "tell stories. Holds 400 ml.",
        14_90,
        165,
        colours("White", "Red", "Navy", "Mustard", "Forest"),
    ),
    draft(
        "Kiln Serving Platter",
        "A long platter for a whole fish, a loaf or a landscape of cheese. Raw clay outside, a glossy glaze inside. "
        "Its low foot makes it easy to lift.",
        58_00,
        1650,
        colours("Charcoal", "Oat"),
    ),
    draft(
        "Nordby Soup Bowl",
        "A bowl with two small ears for carrying it to the sofa. Thick stoneware keeps the last spoonful as warm as "
        "the first. Holds 600 ml.",
        23_50,
        560,
        colours("Rust", "Slate", "Cream"),
    ),
    draft(
        "Alba Cup and Saucer",
        "A cappuccino cup of fine porcelain with a saucer that has room for a biscuit. The handle is cast with the "
        "cup and won't come off. 200 ml.",
        27_00,
        390,
        colours("White", "Blush", "Sage"),
    ),
    draft(
        "Tarn Carafe",
        "A slender carafe with a cork ball for a stopper. Good for water by the bed and wine by the window. "
        "Mouth-blown, 1 litre.",
        36_00,
        620,
        colours("Clear", "Sea Green"),
    ),
    draft(
        "Olive Dip Bowl Trio",
        "Three small bowls for olives, salt and the thing you forgot to serve. They nest into each other in the "
        "cupboard. 8, 10 and 12 cm.",
        29_90,
        480,
        colours("Olive", "Terracotta", "Navy"),
    ),
    draft(
        "Fjord Side Plate",
        "For toast, cake and second helpings. The speckled glaze hides crumbs until you have time for them. "
        "17 cm, stackable.",
        15_90,
        360,
        colours("Slate", "Sand", "Sky Blue"),
    ),
    draft(
        "Mira Egg Cup Pair",
        "Two egg cups with a broad foot that catches the shell. Heavy enough to stay put when the spoon comes down. "
        "Porcelain, unglazed outside.",
        16_50,
        210,
        colours("White", "Mustard"),
    ),
    draft(
        "Porto Butter Dish",
        "A lidded dish that takes a whole 250 g block and lets you lift the lid with buttery hands. Porcelain, with "
        "a groove that keeps the lid from sliding.",
        32_00,
        640,
        colours("Cream", "Teal"),
    ),
)

_KINDS = (
    Kind("Mug", "A mug with a handle for a whole hand and a wall that keeps coffee warm.", (12, 29), (300, 460)),
    Kind(
        "Bowl",
        "A bowl for breakfast, soup and everything that is eaten with a spoon.",
        (14, 39),
        (380, 720),
        steps("Size", 5_00, 160, "14 cm", "18 cm"),
    ),
    Kind(
        "Plate",
        "A flat plate with a slightly raised edge, made to be stacked and used daily.",
        (14, 34),
        (420, 820),
        steps("Size", 6_00, 260, "21 cm", "27 cm"),
    ),
    Kind("Jug", "A jug that pours cleanly and stops when you do.", (22, 55), (350, 1100)),
    Kind("Teapot", "A teapot with a lid that stays on and a strainer that comes out.", (45, 95), (850, 1400)),
    Kind(
        "Tumbler",
        "A tumbler for water, juice or a short drink on the balcony.",
        (9, 22),
        (180, 320),
        sizes("25 cl", "35 cl"),
    ),
)

TABLEWARE = Leaf(
    slug="tableware",
    name="Tableware",
    description="Mugs, bowls, plates and glasses from small potteries and glass works.",
    sku_prefix="TAB",
    curated=_CURATED,
    kinds=_KINDS,
    makings=("Stoneware", "Porcelain", "Glazed", "Speckled", "Hand-thrown", "Fluted", "Matt", "Ribbed"),
    colours=(
        "White",
        "Cream",
        "Sand",
        "Terracotta",
        "Rust",
        "Mustard",
        "Sage",
        "Forest",
        "Teal",
        "Sky Blue",
        "Navy",
        "Slate",
    ),
    remarks=(
        "Each piece is finished by hand, so small differences in glaze are part of it. Dishwasher safe.",
        "The shape stacks, which small kitchens will thank you for. Safe in the microwave.",
        "Fired at 1250 degrees, it shrugs off knives and forks. Rinse and it is ready again.",
        "The foot is left unglazed and polished, so that it leaves no ring on the table. Made in small batches.",
    ),
)
