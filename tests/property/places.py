"""What an author of documents has to remember: what a response key stands for where, and how large all of it is."""

from dataclasses import dataclass, field

from graphql import GraphQLInterfaceType, GraphQLObjectType

DEPTH = 9
COST, FIELDS, ALIASES = 2500, 300, 80
ASSUMED_SIZE = 10

Composite = GraphQLObjectType | GraphQLInterfaceType
Tree = dict[str, "Chosen"]


@dataclass
class Chosen:
    """What a response key stands for at its place: wherever else it is selected there, it has to be the same."""

    name: str
    arguments: str
    tree: Tree = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where something is selected: on which type, beside what, how deep in fields and fragments, for how many."""

    on: Composite
    actual: GraphQLObjectType
    trees: tuple[Tree, ...]
    depth: int = 0
    objects: int = 1
    first: int = ASSUMED_SIZE
    nesting: int = 0


@dataclass
class Size:
    """How large a selection is with its fragments spread."""

    cost: int = 0
    fields: int = 0
    aliases: int = 0
    depth: int = 0

    def plus(self, other: "Size", place: Place) -> "Size":
        depth = max(self.depth, place.depth + other.depth)
        return Size(
            self.cost + place.objects * other.cost, self.fields + other.fields, self.aliases + other.aliases, depth
        )

    def is_allowed(self) -> bool:
        return self.cost <= COST and self.fields <= FIELDS and self.aliases <= ALIASES and self.depth <= DEPTH


@dataclass(frozen=True)
class Fragment:
    """A named fragment that has been written."""

    name: str
    on: Composite
    tree: Tree
    size: Size


def is_free(tree: Tree, key: str, name: str, arguments: str) -> bool:
    return key not in tree or (tree[key].name, tree[key].arguments) == (name, arguments)


def agrees(tree: Tree, other: Tree) -> bool:
    """Whether two selections at one place can be merged."""
    shared = [(tree[key], other[key]) for key in tree.keys() & other.keys()]
    return all((a.name, a.arguments) == (b.name, b.arguments) and agrees(a.tree, b.tree) for a, b in shared)


def absorb(tree: Tree, other: Tree) -> None:
    for key, chosen in other.items():
        absorb(tree.setdefault(key, Chosen(chosen.name, chosen.arguments)).tree, chosen.tree)
