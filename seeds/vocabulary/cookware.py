"""Pans, pots, knives and boards."""

from seeds.draft import Kind, Leaf, colours, draft, option, steps

_CURATED = (
    draft(
        "Hearth Cast Iron Skillet",
        "A heavy skillet that sears, bakes and outlives its owner. It comes pre-seasoned with flaxseed oil, and "
        "only gets better. For every hob, including induction.",
        54_00,
        2100,
        steps("Diameter", 14_00, 700, "24 cm", "28 cm"),
    ),
    draft(
        "Dune Casserole with Lid",
        "Enamelled cast iron for braises that take all Sunday. Drops of steam gather under the lid and fall back "
        "evenly over the food. The knob stands 250 degrees.",
        149_00,
        4200,
        colours("Cream", "Forest", "Rust"),
        steps("Capacity", 40_00, 1300, "4 l", "6 l"),
    ),
    draft(
        "Copperfield Saucepan",
        "A copper saucepan lined with steel, quick to heat and quick to obey. The long handle is riveted with three "
        "rivets. Sauces stop catching.",
        129_00,
        1350,
        steps("Capacity", 25_00, 350, "1.2 l", "2 l"),
    ),
    draft(
        "Bothy Whistling Kettle",
        "A kettle that sings two notes when it boils. The handle stays cool and folds away. "
        "Enamelled steel, 1.8 litres.",
        59_90,
        1150,
        colours("Red", "Cream", "Slate"),
    ),
    draft(
        "Petit Chef Knife",
        "A cook's knife with a blade for smaller hands and smaller kitchens. Forged, ground thin and easy to keep "
        "sharp. The handle is smoked oak.",
        84_00,
        180,
        steps("Blade", 15_00, 40, "16 cm", "20 cm"),
    ),
    draft(
        "Fillet Bread Knife",
        "Wave-shaped teeth glide through crust and leave the crumb standing. Also kind to tomatoes. "
        "24 cm of rustproof steel.",
        62_00,
        210,
        option("Handle", "Beech", "Walnut"),
    ),
    draft(
        "Butcher's Chopping Board",
        "End-grain wood that closes over cuts and keeps knives sharp. The juice groove runs around one side, the "
        "other is smooth. Oil it now and then.",
        79_00,
        2400,
        option("Wood", "Oak", "Walnut"),
        steps("Size", 25_00, 1200, "35 cm", "45 cm"),
    ),
    draft(
        "Slim Prep Board",
        "A light board for a quick onion, with a hole to hang it by. Pressed from paper and resin, dishwasher safe, "
        "thinner than a finger.",
        28_50,
        620,
        colours("Slate", "Sand", "Forest"),
    ),
    draft(
        "Carbon Steel Wok Pan",
        "Thin carbon steel that answers the flame at once. The flat bottom stands on any hob, and the helper handle "
        "lifts a full load. 30 cm.",
        66_00,
        1500,
    ),
    draft(
        "Crepe Frying Pan",
        "A low edge and a smooth floor, so the crepe slides and the spatula gets under it. Heats evenly from rim to "
        "rim. 26 cm, for every hob.",
        42_00,
        1050,
        colours("Black", "Copper"),
    ),
    draft(
        "Nest Stock Pot",
        "Tall and narrow, so that stock simmers and doesn't boil away. Measuring marks inside, a lid that rests on "
        "the handle outside. Brushed steel.",
        92_00,
        2300,
        steps("Capacity", 22_00, 700, "7 l", "10 l"),
    ),
    draft(
        "Granite Mortar and Pestle",
        "Three kilos of granite that stay where you put them. "
        "The rough inside grinds pepper in five turns and pesto in a minute.",
        44_90,
        3200,
        option("Stone", "Grey", "Black"),
    ),
    draft(
        "Olivewood Spoon Trio",
        "A pointed spoon for corners, a flat one for the pan's floor and a deep one for tasting. Carved from pruned "
        "olive wood. Wash by hand.",
        24_90,
        190,
    ),
    draft(
        "Piedmont Moka Pot",
        "The octagonal pot that wakes half of Europe. Aluminium, with a safety valve that you can clean. For gas, "
        "electric and, with a plate, induction.",
        34_90,
        480,
        colours("Silver", "Red", "Black"),
        steps("Cups", 8_00, 180, "3 cups", "6 cups"),
    ),
    draft(
        "Lattice Colander",
        "A colander on a proper foot, with holes where water gathers and none where it doesn't. "
        "Enamelled inside and out. 26 cm.",
        38_00,
        820,
        colours("White", "Mustard", "Teal"),
    ),
    draft(
        "Sunday Roasting Pan",
        "Thick enough for the hob, where the gravy is made, and low enough for a hot oven. The rack lifts out by "
        "two handles. 38 by 28 cm.",
        74_00,
        2600,
    ),
    draft(
        "Tin Loaf Pan",
        "Folded, not welded, from aluminised steel: no seams to scrub. "
        "Bakes a brown crust on all sides of a 1 kg loaf.",
        21_90,
        540,
    ),
    draft(
        "Feather Whisk",
        "Eleven fine wires on a weighted handle. Cream stands in two minutes and the wrist doesn't notice. 28 cm.",
        17_50,
        130,
        option("Handle", "Steel", "Beech"),
    ),
    draft(
        "Quiet Pepper Mill",
        "A mill with a ceramic heart and nine settings, from dust to gravel. Turns without creaking. "
        "Also good for coriander.",
        46_00,
        350,
        option("Wood", "Beech", "Walnut", "Oak"),
        steps("Height", 9_00, 110, "15 cm", "22 cm"),
    ),
    draft(
        "Terra Tagine",
        "A clay dome that returns every drop to the stew. "
        "The base is glazed and goes on a low flame, then to the table. For four.",
        68_00,
        2900,
        colours("Terracotta", "Teal", "Cream"),
    ),
)

_KINDS = (
    Kind(
        "Frying Pan",
        "A pan with a flat floor, a long handle and no hot spots.",
        (29, 89),
        (900, 2200),
        steps("Diameter", 10_00, 350, "24 cm", "28 cm"),
    ),
    Kind(
        "Saucepan",
        "A saucepan with a pouring lip on both sides and a lid that fits.",
        (35, 110),
        (800, 1700),
        steps("Capacity", 12_00, 250, "1.5 l", "2 l", "3 l"),
    ),
    Kind(
        "Casserole",
        "A heavy casserole for slow food, good-looking enough to serve from.",
        (79, 199),
        (2800, 5200),
        steps("Capacity", 30_00, 1100, "4 l", "6 l"),
    ),
    Kind(
        "Chef Knife", "A cook's knife that is sharp when it arrives and easy to keep that way.", (39, 149), (150, 260)
    ),
    Kind("Chopping Board", "A board that is kind to knives and doesn't wander on the worktop.", (24, 99), (700, 2900)),
    Kind("Kettle", "A kettle that boils quickly, pours steadily and says when it is done.", (39, 95), (900, 1500)),
)

COOKWARE = Leaf(
    slug="cookware",
    name="Cookware",
    description="Pans, pots, knives and boards that a cook hands down.",
    sku_prefix="COO",
    curated=_CURATED,
    kinds=_KINDS,
    makings=("Cast Iron", "Enamelled", "Copper", "Steel", "Hammered", "Forged", "Classic", "Everyday"),
    colours=(
        "Black",
        "Charcoal",
        "Slate",
        "Silver",
        "Copper",
        "Rust",
        "Red",
        "Mustard",
        "Cream",
        "Sage",
        "Forest",
        "Teal",
    ),
    remarks=(
        "For gas, ceramic and induction. The guarantee is twenty-five years, and we have hardly needed it.",
        "Riveted, not glued, and every part can be replaced. Wash it by hand and it will stay beautiful.",
        "A restaurant kitchen tried it for a year before we put it on sale. It has no coating that can wear off.",
        "Balanced so that a full load still feels light. Comes with care instructions that fit on a postcard.",
    ),
)
