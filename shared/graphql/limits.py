"""What one request may ask a subgraph for.

Clients' limits are the router's (``docs/frontend/limits.md``, ``router/limits.json``).

Where a router adds something to what a client wrote (keys, representations, aliases for conflicts), these
are a little wider. What only grows a document and no answer is bounded tighter: parsing and validation cost
us more than they cost a router.
"""

BODY_BYTES = 512 * 1024
BODY_SECONDS = 15.0
NESTING = 72
VALUES = 20_000
OBJECT_KEYS = 100
KEY_CHARACTERS = 100

DOCUMENT_CHARACTERS = 100_000
TOKENS = 3_000
OPERATIONS = 10
DEPTH = 20
ALIASES = 200
FIELDS = 6_000
MUTATIONS = 10
# Introspections of the whole schema in one operation: what asks for it asks once.
SCHEMAS = 3
COST = 6_000

# Selections of all definitions, each fragment counted wherever it is spread.
SELECTIONS = 20_000
# Pairs of selections that answer to the same name and so have to be compared: graphql-core compares each with each.
PAIRS = 20_000

ERRORS = 5
ERROR_CHARACTERS = 300

QUERY_SECONDS = 8.0
# Values of an answer, well within 100 ms. A compiled query is at least twice as fast; the specification's executor has
# room for a whole introspection of our largest subgraph, which has 5,500.
COMPILED_VALUES = 20_000
VALUES_BY_SPECIFICATION = 7_000
