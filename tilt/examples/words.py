"""What examples are called."""

PEOPLE = (
    "Ada Lovelace",
    "Alan Turing",
    "Grace Hopper",
    "Katherine Johnson",
    "Edsger Dijkstra",
    "Barbara Liskov",
    "Donald Knuth",
    "Radia Perlman",
    "Niklaus Wirth",
    "Annie Easley",
)
THINGS = (
    "Copper Kettle",
    "Oak Chair",
    "Linen Shirt",
    "Desk Lamp",
    "Trail Shoes",
    "Wool Blanket",
    "Steel Bottle",
    "Canvas Bag",
    "Stone Mortar",
    "Cedar Box",
)
SENTENCES = (
    "Made to be used every day, and for years.",
    "What one reaches for without thinking.",
    "Small enough for a shelf, good enough for a gift.",
    "Simple, sturdy and easy to mend.",
    "An example from the contract; the real one would say more.",
)
STREETS = ("12 Station Road", "Lange Reihe 7", "4 rue des Lilas", "Via Roma 31", "88 Harbour Street")
CITIES = ("Hamburg", "Lyon", "Utrecht", "Torino", "Gdansk")
COUNTRIES = ("DE", "FR", "NL", "IT", "PL")
CURRENCY = "EUR"  # one for all, so that amounts can be added
