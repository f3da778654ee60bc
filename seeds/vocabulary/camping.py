"""Tents, sleeping bags, stoves and what else a night outside needs."""

from seeds.draft import Kind, Leaf, colours, draft, option, steps

_CURATED = (
    draft(
        "Bivouac Trekking Tent",
        "A tent that one person pitches in four minutes and two people like each other in. Inner and outer go up "
        "together, so it stays dry inside when it rains outside. Seams are taped.",
        289_00,
        1950,
        colours("Forest", "Sand"),
        steps("Persons", 70_00, 650, "2 persons", "3 persons"),
    ),
    draft(
        "Longhouse Family Tent",
        "Standing room in the middle, a bedroom at each end and a porch for the boots. The poles are colour-coded, "
        "the arguments shorter. 4000 mm water column.",
        549_00,
        9800,
        colours("Olive", "Navy"),
        steps("Persons", 120_00, 2600, "4 persons", "6 persons"),
    ),
    draft(
        "Nomad Bell Tent",
        "Cotton canvas on a single pole, with a zipped-in floor and windows of mesh. Warm light by day, room for a "
        "small stove by night. Four metres across.",
        629_00,
        24500,
    ),
    draft(
        "Ridge Tarp",
        "Three by three metres of ripstop with eleven loops. Over a hammock, over a table, over the tent when it "
        "really rains. Packs into a soup can.",
        79_00,
        520,
        colours("Forest", "Rust", "Slate"),
    ),
    draft(
        "Polaris Down Sleeping Bag",
        "Traceable down, a hood that closes to a breathing hole and a draught collar that means it. Comfortable at "
        "minus four. Vacuumed by no one: store it loose.",
        329_00,
        1080,
        colours("Navy", "Rust"),
        steps("Length", 20_00, 90, "Regular", "Long"),
    ),
    draft(
        "Meadow Summer Sleeping Bag",
        "Light synthetic fill for huts, vans and nights above ten degrees. Opens fully into a quilt. Goes into the "
        "washing machine.",
        89_00,
        890,
        colours("Sage", "Mustard", "Sky Blue"),
    ),
    draft(
        "Cloud Sleeping Mat",
        "Eight centimetres of air, insulated with foil that doesn't rustle. Inflates with its own bag in a dozen "
        "pushes. R-value 4.2.",
        134_00,
        610,
        colours("Teal", "Rust"),
        steps("Size", 25_00, 160, "Regular", "Wide"),
    ),
    draft(
        "Fold Foam Mat",
        "The mat that can't be punctured. Folds like an accordion, "
        "straps to any pack and doubles as the best seat at the summit.",
        44_90,
        410,
        colours("Mustard", "Slate"),
    ),
    draft(
        "Spark Gas Stove",
        "Folds to the size of a fist and boils half a litre in under three minutes. Wide arms hold a proper pot. "
        "Piezo lighter included.",
        58_00,
        98,
    ),
    draft(
        "Twin Burner Stove",
        "Two flames, two windshields and a lid that keeps the spray off the tent. Coffee and eggs at the same time, "
        "as civilisation requires.",
        139_00,
        4600,
        colours("Forest", "Red"),
    ),
    draft(
        "Alpine Cook Set",
        "Two pots, a pan and a lid that drains pasta, all inside each other, with room for the stove. "
        "Hard-anodised, handles lock.",
        72_00,
        740,
    ),
    draft(
        "Creek Steel Bottle",
        "Double-walled steel that keeps tea hot through a winter's day. The wide mouth takes ice cubes and a brush. "
        "Doesn't sweat, doesn't leak.",
        34_90,
        360,
        colours("White", "Forest", "Rust"),
        steps("Capacity", 7_00, 140, "0.5 l", "1 l"),
    ),
    draft(
        "Scout Water Bottle",
        "Single-walled steel, light and loud on rocks. "
        "It can hang over the fire, then serve as a hot-water bottle. 0.8 litres.",
        24_90,
        190,
        colours("Silver", "Navy", "Mustard"),
    ),
    draft(
        "Summit Thermos Flask",
        "The big one, for four cups and a long tour. Its lid is two cups, the stopper pours without being taken out.",
        46_00,
        620,
        colours("Red", "Slate", "Forest"),
        steps("Capacity", 9_00, 180, "0.75 l", "1 l"),
    ),
    draft(
        "Director Camp Chair",
        "Ash legs, brass fittings and a canvas seat that can be washed. Folds flat in one movement. Carries 120 kg "
        "and a certain dignity.",
        118_00,
        3900,
        colours("Oat", "Forest", "Navy"),
    ),
    draft(
        "Perch Folding Stool",
        "A three-legged stool that walks along like an umbrella. The leather seat takes your shape. For anglers, "
        "painters and queues.",
        64_00,
        980,
    ),
    draft(
        "Drift Hammock",
        "Parachute silk for two, with straps that are kind to bark. "
        "Hangs in a minute between anything that is three metres apart.",
        69_00,
        680,
        colours("Teal", "Mustard", "Plum"),
    ),
    draft(
        "Firefly Headlamp",
        "Two hundred lumens ahead, a soft red for the tent, and a switch that works with gloves. The band is "
        "washable. Charged by USB-C.",
        42_00,
        78,
        colours("Black", "Rust"),
    ),
    draft(
        "Hatchet and Sheath",
        "A small axe for kindling and tent pegs, forged in Sweden from recycled steel. Hickory handle, leather sheath.",
        94_00,
        760,
    ),
    draft(
        "Basecamp Cool Box",
        "Ice stays ice for three days. The lid seats two, the tap empties it, "
        "and the rope handles don't cut. 35 litres.",
        159_00,
        6200,
        colours("Cream", "Forest", "Sky Blue"),
    ),
)

_KINDS = (
    Kind(
        "Tent",
        "A tent that goes up quickly and stays up in weather.",
        (159, 459),
        (1700, 4800),
        steps("Persons", 60_00, 700, "2 persons", "3 persons"),
    ),
    Kind(
        "Sleeping Bag",
        "A sleeping bag with a two-way zip and a pocket for the phone.",
        (69, 349),
        (780, 1700),
        steps("Length", 15_00, 90, "Regular", "Long"),
    ),
    Kind("Sleeping Mat", "A mat that evens out roots and keeps the cold in the ground.", (39, 149), (380, 980)),
    Kind("Stove", "A stove that lights in wind and simmers when asked.", (39, 149), (95, 2400)),
    Kind(
        "Bottle",
        "A bottle that keeps hot things hot, cold things cold and bags dry.",
        (19, 49),
        (180, 420),
        steps("Capacity", 6_00, 120, "0.5 l", "0.75 l", "1 l"),
    ),
    Kind(
        "Camp Chair",
        "A folding chair that is comfortable enough to be used at home.",
        (39, 139),
        (950, 3800),
        option("Back", "Low", "High"),
    ),
)

CAMPING = Leaf(
    slug="camping",
    name="Camping",
    description="Tents, sleeping bags, stoves and bottles for nights outside.",
    sku_prefix="CAM",
    curated=_CURATED,
    kinds=_KINDS,
    makings=("Trekking", "Ripstop", "Canvas", "Ultralight", "Expedition", "Weekend", "All-Season", "Alpine"),
    colours=(
        "Forest",
        "Olive",
        "Moss",
        "Sand",
        "Mustard",
        "Rust",
        "Red",
        "Teal",
        "Sky Blue",
        "Navy",
        "Slate",
        "Charcoal",
    ),
    remarks=(
        "Spare parts are on our shelf and the repair guide is printed on the bag.",
        "Our own people took it to the Hardangervidda for two wet weeks. It came back, and so did they.",
        "All finishes are free of fluorocarbons. Dry it before you store it and it will last.",
        "Packs small, and the bag is large enough to get it back in.",
    ),
)
