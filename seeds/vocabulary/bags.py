"""Backpacks, totes and travel bags."""

from seeds.draft import Kind, Leaf, colours, draft, sizes, steps

_CURATED = (
    draft(
        "Pilot Roll-Top Backpack",
        "A roll-top that swallows groceries or a laptop and a change of clothes. Waxed canvas, leather straps, a "
        "padded sleeve inside. Rain is welcome.",
        139_00,
        1150,
        colours("Olive", "Navy", "Rust"),
    ),
    draft(
        "Campus Backpack",
        "Two compartments, a bottle pocket and straps that don't slip off small shoulders. Recycled polyester that "
        "has already been to school once.",
        79_00,
        720,
        colours("Mustard", "Teal", "Charcoal"),
    ),
    draft(
        "Scramble Daypack Backpack",
        "Eighteen litres for a day on the hill. The back panel breathes, the hip belt hides. Loops for poles, a "
        "whistle on the buckle.",
        94_00,
        640,
        colours("Red", "Slate", "Forest"),
    ),
    draft(
        "Traverse Trekking Backpack",
        "A carrying frame that fits backs from short to long with one strap. A lid that becomes a bag for the "
        "summit. Rain cover included.",
        219_00,
        1780,
        colours("Forest", "Rust"),
        steps("Volume", 30_00, 220, "45 l", "60 l"),
    ),
    draft(
        "Market Tote",
        "Heavy canvas with handles that go over a winter coat. A pocket for the phone, another for the list. "
        "Carries 15 kg of market.",
        34_00,
        420,
        colours("Natural", "Navy", "Terracotta"),
    ),
    draft(
        "Gallery Tote",
        "A flat tote of undyed cotton, big enough for a poster and a catalogue. "
        "Screen-printed by hand with one large shape.",
        22_00,
        190,
        colours("Natural", "Black"),
    ),
    draft(
        "Leather Shopper Tote",
        "One hide, four seams. The inside is bare leather, the zip pocket can be moved. It darkens with sun and use.",
        189_00,
        880,
        colours("Cognac", "Black"),
    ),
    draft(
        "Weekender Duffel",
        "Two nights for one person, in cabin size. Canvas with a leather base and a separate room for shoes. Opens "
        "as wide as it is long.",
        169_00,
        1450,
        colours("Navy", "Olive", "Sand"),
    ),
    draft(
        "Expedition Duffel",
        "Laminated tarpaulin that can lie on a roof rack in the rain. Straps turn it into a backpack. Lockable zips.",
        129_00,
        1300,
        colours("Mustard", "Red", "Black"),
        steps("Volume", 25_00, 250, "60 l", "90 l"),
    ),
    draft(
        "Gym Barrel Duffel",
        "A round bag for sport, with a wet pocket that really is. Lies flat in the locker. Machine washable.",
        59_00,
        560,
        colours("Slate", "Plum", "Sage"),
    ),
    draft(
        "Courier Messenger Bag",
        "One strap, one buckle, one big flap, as the couriers of Berlin wear it. "
        "Seat-belt webbing, truck tarpaulin inside.",
        109_00,
        980,
        colours("Black", "Teal", "Rust"),
    ),
    draft(
        "Archive Messenger Bag",
        "For a laptop, a folder and a sandwich. Wool felt with a leather flap and quiet magnets. Fits a shoulder "
        "and a bicycle rack.",
        144_00,
        870,
        colours("Grey", "Forest"),
    ),
    draft(
        "Ramble Sling Bag",
        "Worn across the front, opened with one hand. Room for camera, wallet and apple. The strap changes sides.",
        54_00,
        280,
        colours("Sage", "Mustard", "Navy"),
    ),
    draft(
        "Dispatch Crossbody Bag",
        "A small box of vegetable-tanned leather on a long strap. Stiff enough to stand, soft enough to lean on.",
        128_00,
        460,
        colours("Cognac", "Plum", "Black"),
    ),
    draft(
        "Bicycle Pannier Bag",
        "Hangs on any rack with one click and comes along on its shoulder strap. Welded, waterproof, with a "
        "reflective stripe. 20 litres.",
        89_00,
        940,
        colours("Red", "Slate", "Mustard"),
    ),
    draft(
        "Canvas Wash Pouch",
        "Stands open by the basin, closes around wet things. Waxed outside, wipeable inside.",
        36_00,
        160,
        colours("Navy", "Rust"),
        sizes("S", "L"),
    ),
    draft(
        "Pencil Pouch",
        "A roll of canvas with room for twenty pens and one eraser. Ties with a cord. Survives ink.",
        24_00,
        110,
        colours("Olive", "Terracotta", "Natural"),
    ),
    draft(
        "Packing Pouch Trio",
        "Three mesh-topped pouches that turn a suitcase into a chest of drawers. Two zips each. "
        "They weigh next to nothing.",
        39_00,
        230,
        colours("Teal", "Grey"),
    ),
    draft(
        "Laptop Sleeve Pouch",
        "Wool felt and leather around the computer, with a flap for the charger. "
        "No zip to scratch, no logo to explain.",
        49_00,
        260,
        colours("Charcoal", "Oat"),
        steps("Laptop", 6_00, 60, "13 inch", "15 inch"),
    ),
    draft(
        "Picnic Cooler Tote",
        "A tote that keeps the lemonade cold for six hours. The lining comes out for washing. "
        "Long handles, flat bottom.",
        62_00,
        690,
        colours("Sky Blue", "Sand", "Red"),
    ),
)

_KINDS = (
    Kind(
        "Backpack",
        "A backpack that sits close and opens wide.",
        (59, 199),
        (580, 1500),
        steps("Volume", 20_00, 180, "18 l", "26 l"),
    ),
    Kind("Tote", "A tote with long handles and a flat bottom.", (19, 89), (180, 620)),
    Kind(
        "Duffel",
        "A duffel for a long weekend, in cabin size.",
        (59, 179),
        (620, 1500),
        steps("Volume", 25_00, 240, "35 l", "55 l"),
    ),
    Kind("Messenger Bag", "A messenger bag with a flap that keeps out rain and hands.", (69, 169), (620, 1100)),
    Kind("Sling Bag", "A small bag worn across the chest, for what must be at hand.", (29, 79), (180, 360)),
    Kind("Pouch", "A pouch that brings order to larger bags.", (14, 44), (70, 220), sizes("S", "M", "L")),
)

BAGS = Leaf(
    slug="bags",
    name="Bags",
    description="Backpacks, totes and travel bags that age well.",
    sku_prefix="BAG",
    curated=_CURATED,
    kinds=_KINDS,
    makings=("Canvas", "Waxed", "Leather", "Ripstop", "Felt", "Commuter", "Travel", "Recycled"),
    colours=("Natural", "Sand", "Mustard", "Cognac", "Rust", "Red", "Plum", "Navy", "Teal", "Sage", "Olive", "Black"),
    remarks=(
        "Stitched with bonded thread and bar-tacked where it is pulled. We repair it for life.",
        "The zips are metal, the lining is light, and you find things again.",
        "Made in a workshop in Porto from cloth that was woven down the road.",
        "It stands up by itself, hangs well, and fits under an airline seat.",
    ),
)
