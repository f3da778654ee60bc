"""The shop's departments, in the order in which it shows them."""

from seeds.draft import Department
from seeds.vocabulary.accessories import ACCESSORIES
from seeds.vocabulary.bags import BAGS
from seeds.vocabulary.camping import CAMPING
from seeds.vocabulary.cookware import COOKWARE
from seeds.vocabulary.games import GAMES
from seeds.vocabulary.garden import GARDEN
from seeds.vocabulary.knitwear import KNITWEAR
from seeds.vocabulary.lighting import LIGHTING
from seeds.vocabulary.notebooks import NOTEBOOKS
from seeds.vocabulary.tableware import TABLEWARE
from seeds.vocabulary.toys import TOYS
from seeds.vocabulary.writing import WRITING

DEPARTMENTS = (
    Department(
        "home-kitchen",
        "Home & Kitchen",
        "For the table, the stove and the corner where you read. Things used every day that look better for it.",
        (TABLEWARE, COOKWARE, LIGHTING),
    ),
    Department(
        "office-paper",
        "Office & Paper",
        "Paper that takes ink well, and tools that sit well in the hand. For desks at home and elsewhere.",
        (NOTEBOOKS, WRITING),
    ),
    Department(
        "outdoor-garden",
        "Outdoor & Garden",
        "For nights under canvas and mornings among the tomatoes. Made to be rained on, and to be repaired.",
        (CAMPING, GARDEN),
    ),
    Department(
        "clothing-bags",
        "Clothing & Bags",
        "Plain good clothes and the bags to carry them in. Honest cloth, generous seams, few logos.",
        (KNITWEAR, ACCESSORIES, BAGS),
    ),
    Department(
        "play",
        "Play",
        "Games for long evenings and toys that survive a younger sibling.",
        (GAMES, TOYS),
    ),
)
