"""Watering cans, pots, tools and seeds."""

from seeds.draft import Kind, Leaf, colours, draft, option, steps

_CURATED = (
    draft(
        "Rainmaker Watering Can",
        "A long spout that reaches the back row, a brass rose that rains softly. Galvanised and powder-coated. "
        "Balanced so that it doesn't spill when full.",
        52_00,
        1500,
        colours("Forest", "Slate", "Cream"),
        steps("Capacity", 12_00, 450, "5 l", "9 l"),
    ),
    draft(
        "Sill Watering Can",
        "A slim can for house plants, with a spout like a heron's neck. It gets between leaves and onto soil. 1 litre.",
        28_50,
        390,
        option("Finish", "Copper", "White", "Black"),
    ),
    draft(
        "Terrace Plant Pot",
        "Fired in Tuscany from clay that stands frost to minus fifteen. It breathes, so roots do too. Goes grey and "
        "lovely with age.",
        24_00,
        2600,
        steps("Diameter", 14_00, 2400, "22 cm", "30 cm", "38 cm"),
    ),
    draft(
        "Moon Glazed Planter",
        "A round planter with a glaze like the night sky in summer. A hidden reservoir waters for a week. For the "
        "room or the sheltered balcony.",
        39_00,
        1900,
        colours("Navy", "White", "Sage"),
    ),
    draft(
        "Window Box Planter",
        "A long box for herbs, chives nearest the kitchen. Powder-coated steel with an inner tray and hooks for any "
        "railing. 60 cm.",
        44_00,
        2300,
        colours("Slate", "Cream", "Rust"),
    ),
    draft(
        "Copper Plant Markers",
        "Twelve copper strips on which a pencil writes forever. They turn green along with the garden.",
        19_90,
        160,
    ),
    draft(
        "Root Hand Trowel",
        "A narrow trowel with marks for planting depth. The blade and shank are forged from one piece, the handle "
        "is ash. It won't bend on stones.",
        26_00,
        290,
        option("Handle", "Ash", "Walnut"),
    ),
    draft(
        "Three-Tine Hand Fork",
        "Loosens soil around what should stay and pulls out what shouldn't. "
        "Hardened steel tines, long enough for raised beds.",
        24_50,
        310,
    ),
    draft(
        "Digging Spade",
        "A spade with a tread for the boot and a blade that is sharp from the start. The T-handle is split ash, "
        "oiled. A guarantee of thirty years.",
        89_00,
        2100,
        steps("Length", 6_00, 150, "100 cm", "112 cm"),
    ),
    draft(
        "Border Garden Fork",
        "Light enough for an afternoon between perennials. Four square tines turn heavy clay. A match for our spade.",
        86_00,
        1850,
    ),
    draft(
        "Orchard Secateurs",
        "Bypass secateurs with a blade that you can change in a minute. The spring is quiet, the catch works with "
        "the thumb. For left and right hands.",
        48_00,
        240,
        colours("Red", "Forest"),
    ),
    draft(
        "Bonsai Snips",
        "Long, narrow and precise, for herbs, deadheads and bonsai. Carbon steel that likes a drop of oil.",
        32_00,
        110,
    ),
    draft(
        "Goatskin Garden Gloves",
        "Supple goatskin, double on the fingertips, with a cuff that keeps soil out. They dry soft. "
        "Thorns mostly give up.",
        34_00,
        130,
        colours("Sand", "Forest"),
        option("Size", "S", "M", "L"),
    ),
    draft(
        "Sussex Trug Basket",
        "A trug for harvests, weeds and cut flowers, of willow boards on a bent frame. Nailed with copper. "
        "It outlives sheds.",
        64_00,
        980,
        steps("Size", 16_00, 420, "Small", "Large"),
    ),
    draft(
        "Wildflower Seed Box",
        "Twelve paper bags of native flowers, enough for ten square metres of humming. Sow in autumn or March. No "
        "fillers, no surprises.",
        18_50,
        140,
    ),
    draft(
        "Kitchen Garden Seed Box",
        "Ten vegetables that forgive beginners, from radish to chard, with a calendar that says when. All open-"
        "pollinated: keep your own seed.",
        22_00,
        170,
    ),
    draft(
        "Wren Nesting Box",
        "A nesting box built to an ornithologist's plan, of untreated larch. The front opens for the autumn "
        "cleaning. Hole sized to the guest.",
        38_00,
        1450,
        option("Guest", "Wren", "Tit", "Starling"),
    ),
    draft(
        "Orchard Bird Feeder",
        "A small roof, a deep tray and a baffle that gives squirrels something to think about. Hangs or stands.",
        42_00,
        1100,
        colours("Oak", "Slate"),
    ),
    draft(
        "Twine on a Spool",
        "Two hundred metres of flax twine that ties tomatoes without cutting them. The cutter sits in the spool. "
        "Rots on the compost.",
        14_90,
        320,
        colours("Natural", "Forest"),
    ),
    draft(
        "Dibber and Line Set",
        "A turned dibber with depth rings and twenty metres of line on two pegs. Straight rows are a small joy.",
        29_00,
        480,
    ),
)

_KINDS = (
    Kind(
        "Watering Can",
        "A watering can that pours where you point it.",
        (19, 69),
        (380, 1900),
        steps("Capacity", 8_00, 350, "3 l", "7 l"),
    ),
    Kind(
        "Plant Pot",
        "A pot with a hole where it should be and a saucer that fits.",
        (12, 69),
        (900, 5200),
        steps("Diameter", 10_00, 1400, "18 cm", "24 cm", "30 cm"),
    ),
    Kind("Planter", "A planter deep enough for roots and plain enough for leaves to shine.", (24, 89), (1400, 5200)),
    Kind("Hand Trowel", "A trowel that doesn't bend and feels good in a cold hand.", (14, 39), (220, 360)),
    Kind("Spade", "A spade that goes into the ground willingly.", (49, 119), (1600, 2400)),
    Kind("Harvest Basket", "A basket for apples, weeds and the first sweet peas.", (24, 79), (480, 1500)),
)

GARDEN = Leaf(
    slug="garden",
    name="Garden",
    description="Watering cans, pots, seeds and tools for beds and balconies.",
    sku_prefix="GAR",
    curated=_CURATED,
    kinds=_KINDS,
    makings=("Cottage", "Galvanised", "Terrace", "Forged", "Heritage", "Balcony", "Orchard", "Frostproof"),
    colours=(
        "Terracotta",
        "Rust",
        "Copper",
        "Sand",
        "Cream",
        "Sage",
        "Moss",
        "Forest",
        "Teal",
        "Navy",
        "Slate",
        "Charcoal",
    ),
    remarks=(
        "Stands rain and frost, and looks better for both. Hang it up in winter all the same.",
        "Made by a family firm that has supplied allotments since 1926. Handles and springs can be replaced.",
        "Gardeners with small hands and gardeners with large ones both asked us to keep it.",
        "It has no plastic in it, and hardly any packaging around it.",
    ),
)
