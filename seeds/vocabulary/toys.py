"""Toys of wood and cloth."""

from seeds.draft import Kind, Leaf, colours, draft, option, steps

_CURATED = (
    draft(
        "City Building Blocks",
        "Blocks with which a town can be built, and a dinosaur can wreck it. Beech, water-based colours, a cotton "
        "sack. From one year.",
        49_00,
        1900,
        steps("Set", 25_00, 1300, "40 blocks", "70 blocks"),
    ),
    draft(
        "Rainbow Building Blocks",
        "Seven arches that nest into a rainbow and come apart as tunnels, bridges and cradles. Stained, so the "
        "grain stays visible.",
        58_00,
        1250,
    ),
    draft(
        "Alphabet Building Blocks",
        "Twenty-six blocks with letters on four sides and animals on two. Printed in one colour by letterpress.",
        42_00,
        1400,
        option("Language", "English", "German"),
    ),
    draft(
        "Branch Line Train",
        "An engine, three waggons and a cargo of logs, joined by magnets that forgive either direction. Runs on all "
        "common wooden rails.",
        36_00,
        540,
        colours("Red", "Forest", "Navy"),
    ),
    draft(
        "Junction Train Track Set",
        "Two points, a bridge and forty pieces of track. Enough for the way around the sofa and back. Beech.",
        64_00,
        2300,
    ),
    draft(
        "Night Express Train",
        "A sleeping-car train in four pieces, with windows to look through and a roof that lifts off. "
        "Passengers included.",
        46_00,
        720,
        colours("Navy", "Plum"),
    ),
    draft(
        "Racing Car No. 7",
        "One block of wood, four wheels that really spin, and a driver who has seen it all. Fast on parquet.",
        22_00,
        210,
        colours("Red", "Sky Blue", "Mustard"),
    ),
    draft(
        "Delivery Van Car",
        "A van with a door at the back and three parcels that fit exactly. For small logistics.",
        34_00,
        480,
        colours("Teal", "Cream", "Rust"),
    ),
    draft(
        "Fire Brigade Car",
        "The ladder turns and extends, the bell rings, the wheels are rubber. Two firefighters of beech.",
        39_00,
        650,
    ),
    draft(
        "Stacking Rings",
        "Six rings on a rocking cone: a first lesson in order and in falling over. Rounded, and tested by gums.",
        26_00,
        460,
        option("Palette", "Rainbow", "Meadow", "Ocean"),
    ),
    draft(
        "Stacking Sailing Boat",
        "A hull, two cabins and a funnel that stack in more ways than one. Floats a while, dries well.",
        29_00,
        380,
        colours("Red", "Navy"),
    ),
    draft(
        "Harbour Sailing Boat",
        "A boat that really sails, with a weighted keel and a sail of cotton. Bring a long stick. "
        "30 cm at the waterline.",
        44_00,
        520,
        colours("Sky Blue", "Rust", "White"),
    ),
    draft(
        "Pull-Along Duck",
        "Its feet slap as it goes, and it turns its head on corners. The string ends in a bead for small fists.",
        32_00,
        430,
        colours("Mustard", "White"),
    ),
    draft(
        "Pull-Along Elephant",
        "An elephant on four wheels who nods at every step. Waxed beech with felt ears. Never forgets a doorstep.",
        38_00,
        560,
        colours("Grey", "Sage"),
    ),
    draft(
        "Rocking Horse Ilse",
        "A small rocking horse with a mane of wool and a bar in front for the first year. Doesn't tip. "
        "From ten months.",
        179_00,
        5400,
        option("Wood", "Beech", "Oak"),
    ),
    draft(
        "Spinning Top Pair",
        "Two tops, turned and lacquered: a slow one that hums and a fast one that draws circles. Good in offices too.",
        18_50,
        90,
        colours("Rainbow", "Brass"),
    ),
    draft(
        "Little Xylophone",
        "Eight plates that are actually in tune, two mallets, and songs in colours. It will be heard.",
        46_00,
        920,
    ),
    draft(
        "Swallow Kite",
        "A kite of ripstop with a long tail that flies in little wind. Ready to go: unfold, run, laugh. Line included.",
        34_00,
        240,
        colours("Red", "Teal", "Mustard"),
    ),
    draft(
        "Market Stall Groceries",
        "Bread, cheese, leeks and an egg that never breaks, with a paper bag. Eleven pieces for a shop behind a chair.",
        37_00,
        690,
    ),
    draft(
        "Shape Sorting House",
        "Twelve shapes, six doors, one key. The roof comes off when patience ends. Smooth beech.",
        41_00,
        1150,
        colours("Sage", "Red"),
    ),
)

_KINDS = (
    Kind(
        "Building Blocks",
        "Blocks for towers, and for the pleasure of their fall.",
        (24, 79),
        (900, 2600),
        steps("Set", 15_00, 700, "30 blocks", "50 blocks"),
    ),
    Kind("Train", "A train with magnets that couple either way around.", (24, 59), (380, 820)),
    Kind("Car", "A car with wheels that spin and edges that don't hurt.", (14, 44), (180, 650)),
    Kind("Stacking Rings", "Rings to stack, roll, chew and sort.", (16, 39), (320, 560)),
    Kind("Sailing Boat", "A boat that floats upright and catches the wind.", (19, 54), (260, 620)),
    Kind("Pull-Along Duck", "A companion on wheels that waddles when pulled.", (19, 44), (320, 560)),
)

TOYS = Leaf(
    slug="wooden-toys",
    name="Wooden Toys",
    description="Blocks, trains and other toys that survive a younger sibling.",
    sku_prefix="TOY",
    curated=_CURATED,
    kinds=_KINDS,
    makings=("Beech", "Little", "Nursery", "Waxed", "Maple", "Classic", "Painted", "Big"),
    colours=("Red", "Rust", "Mustard", "Sand", "Cream", "Blush", "Plum", "Navy", "Sky Blue", "Teal", "Sage", "Forest"),
    remarks=(
        "Solid wood with water-based colours that stand being chewed. From eighteen months.",
        "No batteries, no sounds but its own. Wipe it with a damp cloth.",
        "Edges are rounded by hand and every peg is tested by pulling. Spare wheels on request.",
        "Made in the Ore Mountains by people who have children. It will be handed down.",
    ),
)
