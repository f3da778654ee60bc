"""What clients see of the supergraph, and which subgraph knows what."""

from functools import cache

from graphql import (
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    IntValueNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    Visitor,
    build_ast_schema,
    get_named_type,
    parse,
    visit,
)

from tests.integration.router.processes import REPOSITORY, SUPERGRAPH
from tilt.embedded.subgraphs import SUBGRAPHS

_KEPT_DIRECTIVES = ("deprecated", "specifiedBy", "oneOf")
_GUARDS = {"authenticated", "requiresScopes"}
_ROOTS = ("Query", "Mutation")


class _PublicPart(Visitor):
    """Takes away what is about federation."""

    def enter_directive(self, node: DirectiveNode, *_: object) -> object:
        return None if node.name.value in _KEPT_DIRECTIVES else self.REMOVE

    def enter_directive_definition(self, node: DirectiveDefinitionNode, *_: object) -> object:
        return self.REMOVE

    def enter_schema_definition(self, node: SchemaDefinitionNode, *_: object) -> object:
        return self.REMOVE


def public_schema() -> GraphQLSchema:
    """The supergraph as its clients know it, without resolvers; a copy that its caller may change."""
    document: DocumentNode = visit(parse(SUPERGRAPH.read_text()), _PublicPart())
    of_federation = [
        node for node in document.definitions if isinstance(node, TypeDefinitionNode) and "__" in node.name.value
    ]
    definitions = tuple(node for node in document.definitions if node not in of_federation)
    return build_ast_schema(DocumentNode(definitions=definitions))


def assumed_sizes() -> dict[tuple[str, str], int]:
    """How long the lists are reckoned to be that have no argument for it, by type and field."""
    sizes: dict[tuple[str, str], int] = {}
    for node in parse(SUPERGRAPH.read_text()).definitions:
        if isinstance(node, ObjectTypeDefinitionNode):
            sizes.update(
                {
                    (node.name.value, field.name.value): size
                    for field in node.fields or ()
                    if (size := _assumed_size(field))
                }
            )
    return sizes


def _assumed_size(field: FieldDefinitionNode) -> int:
    arguments = [argument for directive in field.directives or () for argument in directive.arguments or ()]
    given = [argument.value for argument in arguments if argument.name.value == "assumedSize"]
    return int(given[0].value) if given and isinstance(given[0], IntValueNode) else 0


class Owners:
    """Which subgraph is asked for a field, read from the subgraphs' SDL.

    Also which fields have to be asked for alone.
    """

    def __init__(self) -> None:
        self.entities: set[str] = set()
        self._fields: dict[tuple[str, str], str] = {}
        self._guarded: set[tuple[str, str]] = set()
        for name in SUBGRAPHS:
            self._read(name, parse((REPOSITORY / "schema" / f"{name}.graphql").read_text()))

    def of(self, type_name: str, field: str) -> str:
        """The subgraph's name."""
        return self._fields[type_name, field]

    def knows(self, subgraph: str, type_name: str, field: str) -> bool:
        """Whether it is this subgraph that answers the field of an entity."""
        return type_name not in self.entities or self._fields[type_name, field] == subgraph

    def is_guarded(self, type_name: str, field: str) -> bool:
        """Whether not everybody may see the field."""
        return (type_name, field) in self._guarded

    def _read(self, subgraph: str, document: DocumentNode) -> None:
        for node in document.definitions:
            if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode) and not _only_names(node):
                self._read_type(subgraph, node)

    def _read_type(self, subgraph: str, node: ObjectTypeDefinitionNode | ObjectTypeExtensionNode) -> None:
        name = node.name.value
        if any(directive.name.value == "key" for directive in node.directives or ()):
            self.entities.add(name)
        for field in node.fields or ():
            self._fields.setdefault((name, field.name.value), subgraph)
            if _GUARDS & {directive.name.value for directive in field.directives or ()}:
                self._guarded.add((name, field.name.value))


def _only_names(node: ObjectTypeDefinitionNode | ObjectTypeExtensionNode) -> bool:
    """Whether the subgraph only refers to the entity and knows nothing of it."""
    arguments = [argument for directive in node.directives or () for argument in directive.arguments or ()]
    return any(argument.name.value == "resolvable" for argument in arguments)


@cache
def whole(schema: GraphQLSchema, owners: Owners, subgraph: str, type_name: str) -> str:
    """A selection of all that a subgraph knows of an object without being asked for more.

    Entities are selected by their ids alone.
    """
    object_type = schema.type_map[type_name]
    assert isinstance(object_type, GraphQLObjectType)
    parts = [_part(schema, owners, subgraph, object_type, name) for name in object_type.fields]
    return f"{{ __typename {' '.join(part for part in parts if part)} }}"


def _part(schema: GraphQLSchema, owners: Owners, subgraph: str, parent: GraphQLObjectType, name: str) -> str:
    field = parent.fields[name]
    if stands_alone(owners, parent.name, name, field.args) or not owners.knows(subgraph, parent.name, name):
        return ""
    return name + selection_of(schema, owners, subgraph, field.type)


def selection_of(schema: GraphQLSchema, owners: Owners, subgraph: str, output: GraphQLOutputType) -> str:
    """What to select of a field's value: nothing, an entity's id, or the whole object."""
    named: GraphQLNamedType = get_named_type(output)
    if not isinstance(named, GraphQLObjectType):
        return ""
    return " { __typename id }" if named.name in owners.entities else f" {whole(schema, owners, subgraph, named.name)}"


def stands_alone(owners: Owners, type_name: str, field: str, arguments: object) -> bool:
    """Whether the field has arguments, is a root field, or not for everybody."""
    return bool(arguments) or type_name in _ROOTS or owners.is_guarded(type_name, field)
