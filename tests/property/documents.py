"""Documents as nobody writes them by hand: valid, within the limits, and as contrary as the specification allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)
from hypothesis import strategies as st

from tests.property.arguments import LEFT_OUT, Variables
from tests.property.choosing import Chooser
from tests.property.places import (
    ALIASES,
    ASSUMED_SIZE,
    COST,
    DEPTH,
    Chosen,
    Composite,
    Fragment,
    Place,
    Size,
    Tree,
    absorb,
    agrees,
    is_free,
)
from tests.property.request import Document
from tests.property.shop import Shop

INTROSPECTION_DEPTH = 4
WRITTEN, NESTING = 35, 4
DEFAULT_FIRST = 20
# Ten of them are allowed.
COST_OF_MUTATION = COST // 8
# Names that mean something to a router, to a language, or to a field nearby.
OF_ROUTERS = [
    "_entities",
    "_service",
    "representations",
    "_0",
    "_id",
    "_",
    "data",
    "errors",
    "path",
    "key",
    "value",
    "a",
    "b",
]
OF_LANGUAGES = [
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "then",
    "length",
    "on",
    "query",
    "fragment",
    "true",
    "null",
]
OF_FIELDS = [
    "id",
    "sku",
    "title",
    "name",
    "nodes",
    "edges",
    "status",
    "price",
    "variant",
    "customer",
    "lines",
    "Product",
    "type",
]
ALIASES_OF_NOTE = [*OF_ROUTERS, *OF_LANGUAGES, *OF_FIELDS]
# What younger and older routers have not, or what is theirs: the types of introspection itself, and of no field.
NOT_ASKED = {"isOneOf", "specifiedByURL", "isRepeatable", "directives", "types"}
OTHERS = [[], [], ["query Other { __typename }", "mutation Never { cartCreate { cart { id } } }"]]
META_FIELDS: Mapping[str, GraphQLField] = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}


@dataclass
class Author:
    """Writes one document; what it has written so far decides what may come next."""

    choose: Chooser
    schema: GraphQLSchema
    shop: Shop
    variables: Variables
    sizes: Mapping[tuple[str, str], int]
    written: int = 0
    size: Size = field(default_factory=Size)
    fragments: dict[str, Fragment] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    def selections(self, place: Place) -> str:
        """One to five selections in braces."""
        count = self.choose.one_of([1, 2, 3, 2, 3, 4, 5]) if self.written < WRITTEN else 1
        return f"{{ {' '.join(self._selection(place) for _ in range(count))} }}"

    def _selection(self, place: Place) -> str:
        if place.nesting >= NESTING or self.written >= WRITTEN:
            return self._field(place)
        ways = [self._field] * 7 + [self._again] * 2 + [self._inline] * 2 + [self._spread] * 2
        return self.choose.one_of(ways)(place)

    def _field(self, place: Place) -> str:
        name = self.choose.one_of(self._possible(place))
        if name == "__typename":
            return self._written(place, self._key(place, name, ""), name, "", None)
        definition = self._definition(place.on, name)
        first, arguments = self._arguments(place, name, definition)
        return self._written(place, self._key(place, name, arguments), name, arguments, definition, first)

    def _possible(self, place: Place) -> list[str]:
        """All fields of a small document, the leaves alone where it has become large enough."""
        of_type = {name: each for name, each in place.on.fields.items() if name not in NOT_ASKED}
        if place.on is self.schema.mutation_type:
            if not self.size.plus(Size(cost=COST_OF_MUTATION), place).is_allowed():
                return ["__typename"]
            return [name for name in of_type if f"Mutation.{name}(input:)" in self.shop.known]
        leaves = [name for name, each in of_type.items() if is_leaf_type(get_named_type(each.type)) and not each.args]
        limit = INTROSPECTION_DEPTH if place.on.name.startswith("__") else DEPTH
        if (
            place.depth + 1 >= limit
            or self.written >= WRITTEN
            or not self.size.plus(Size(cost=2 * ASSUMED_SIZE, fields=20), place).is_allowed()
        ):
            return [*leaves, "__typename"]
        names = [name for name in of_type if name not in leaves]
        meta = ["__schema", "__type"] if place.on is self.schema.query_type else []
        return [*names, *leaves, *names, *leaves, "__typename", *meta]

    def _definition(self, on: Composite, name: str) -> GraphQLField:
        return META_FIELDS.get(name) or on.fields[name]

    def _arguments(self, place: Place, name: str, definition: GraphQLField) -> tuple[int, str]:
        """The arguments as they are written, and how many objects the field may lead to."""
        first, parts = ASSUMED_SIZE, []
        for argument, its in definition.args.items():
            value = self.choose.draw(self.shop.argument(f"{place.on.name}.{name}({argument}:)"))
            if argument == "first":
                first = max(value, 0) if isinstance(value, int) else DEFAULT_FIRST
            if value is LEFT_OUT and not is_required_argument(its) and self.choose.happens(50):
                continue
            parts.append(f"{argument}: {self.variables.argument(its.type, value)}")
        return first, f"({', '.join(parts)})" if parts else ""

    def _key(self, place: Place, name: str, arguments: str) -> str:
        """A response key that stands for nothing else here: the field's name, or an alias."""
        key = name
        if self.size.aliases < ALIASES and self.choose.happens(40):
            others = [each for each in place.actual.fields if not each.startswith("__")]
            key = self.choose.one_of([*others, *others, *ALIASES_OF_NOTE])
        number = 0
        while not all(is_free(tree, key, name, arguments) for tree in place.trees):
            number, key = number + 1, f"{name.strip('_')}_{number}"
        return key

    def _written(
        self, place: Place, key: str, name: str, arguments: str, its: GraphQLField | None, first: int = 0
    ) -> str:
        trees = tuple(tree.setdefault(key, Chosen(name, arguments)).tree for tree in place.trees)
        is_alias = key != name or self.choose.happens(5)
        self.written += 1
        self.size = self.size.plus(Size(fields=1, aliases=int(is_alias), depth=1), place)
        head = f"{f'{key}: ' if is_alias else ''}{name}{arguments}{self._condition()}"
        named = its and get_named_type(its.type)
        if not isinstance(named, GraphQLObjectType) or its is None:
            return head
        if place.on is self.schema.mutation_type:
            self.size = self.size.plus(Size(cost=COST_OF_MUTATION), place)
        size = self._length(place, name) if is_list_type(get_nullable_type(its.type)) else 1
        self.size = self.size.plus(Size(cost=size), place)
        inner = Place(named, named, trees, place.depth + 1, place.objects * size, first)
        return f"{head} {self.selections(inner)}"

    def _length(self, place: Place, name: str) -> int:
        if name in ("nodes", "edges"):
            return place.first
        return self.sizes.get((place.actual.name, name), ASSUMED_SIZE)

    def _again(self, place: Place) -> str:
        """What is selected here already, once more: the two have to be merged."""
        common = [key for key, chosen in place.trees[0].items() if self._is_repeatable(place, chosen)]
        if not common:
            return self._field(place)
        key = self.choose.one_of(common)
        chosen = place.trees[0][key]
        its = None if chosen.name == "__typename" else self._definition(place.on, chosen.name)
        return self._written(place, key, chosen.name, chosen.arguments, its, DEFAULT_FIRST)

    def _is_repeatable(self, place: Place, chosen: Chosen) -> bool:
        return chosen.name == "__typename" or chosen.name in self._possible(place)

    def _inline(self, place: Place) -> str:
        """The same selections in braces of their own, on the same type, its interface, or without a word about it."""
        on = self._another(place)
        condition = f" on {on.name}" if on is not place.on or self.choose.happens(50) else ""
        return f"...{condition}{self._condition()} {self.selections(replace(place, on=on, nesting=place.nesting + 1))}"

    def _another(self, place: Place) -> Composite:
        options: list[Composite] = [place.on, place.actual, *place.actual.interfaces]
        return self.choose.one_of(options)

    def _spread(self, place: Place) -> str:
        """A named fragment that exists and fits here, or a new one."""
        fitting = [each for each in self.fragments.values() if self._fits(place, each)]
        if fitting and self.choose.happens(50):
            fragment = self.choose.one_of(fitting)
            for tree in place.trees:
                absorb(tree, fragment.tree)
            self.size = self.size.plus(fragment.size, place)
            return f"...{fragment.name}{self._condition()}"
        return f"...{self._new_fragment(place)}{self._condition()}"

    def _fits(self, place: Place, fragment: Fragment) -> bool:
        is_of_type = fragment.on is place.actual or fragment.on in place.actual.interfaces
        is_small = self.size.plus(fragment.size, place).is_allowed()
        return is_of_type and is_small and all(agrees(tree, fragment.tree) for tree in place.trees)

    def _new_fragment(self, place: Place) -> str:
        """Written with a measure of its own, which counts again wherever it is spread."""
        tree: Tree = {}
        outside, self.size = self.size, Size()
        inner = replace(place, on=self._another(place), trees=(*place.trees, tree), nesting=place.nesting + 1)
        text = self.selections(inner)
        own = self.size
        unit = Size(own.cost // max(place.objects, 1) + 1, own.fields, own.aliases, own.depth - place.depth)
        self.size = outside.plus(unit, place)
        name = f"F{len(self.fragments)}"
        self.fragments[name] = Fragment(name, inner.on, tree, unit)
        self.texts.append(f"fragment {name} on {inner.on.name} {text}")
        return name

    def _condition(self) -> str:
        """Mostly none; sometimes both at once."""
        if not self.choose.happens(25):
            return ""
        names = self.choose.one_of([["include"], ["include"], ["skip"], ["skip"], ["skip", "include"]])
        return "".join(f" @{name}(if: {self._boolean(name == 'include')})" for name in names)

    def _boolean(self, usual: bool) -> str:
        value = usual is not self.choose.happens(25)
        return self.variables.argument(GraphQLNonNull(GraphQLBoolean), value)


@st.composite
def documents(draw: st.DrawFn, schema: GraphQLSchema, sizes: Mapping[tuple[str, str], int], shop: Shop) -> Document:
    """Valid documents within the limits, alone or beside operations that are not asked for.

    ``sizes`` are those of lists.
    """
    choose = Chooser(draw)
    author = Author(choose, schema, shop, Variables(choose), sizes)
    kind = "mutation" if choose.happens(10) else "query"
    root = schema.mutation_type if kind == "mutation" else schema.query_type
    assert root is not None
    text = author.selections(Place(root, root, ({},)))
    name = choose.one_of(["", "", "Asked", "query", "_"])
    operation = f"{kind} {name}{author.variables.declaration()} {text}"
    others = choose.one_of(OTHERS) if name else []
    asked = name if name and (others or choose.happens(50)) else None
    parts = [operation, *author.texts, *others]
    return Document("\n".join(draw(st.permutations(parts))), author.variables.given, asked)
