"""A subgraph's SDL in the Federation specification's own names, whatever names it imports them by.

A subgraph may call ``@key`` by that name, by another (``{name: "@key", as: "@primaryKey"}``) or by its full one
(``@federation__key``); it may extend types that only others define. All of that is told apart here, once, so that
nothing else has to know of it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumTypeExtensionNode,
    GraphQLError,
    InputObjectTypeExtensionNode,
    InterfaceTypeExtensionNode,
    Node,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationType,
    ScalarTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    UnionTypeExtensionNode,
    Visitor,
    parse,
    specified_directives,
    value_from_ast_untyped,
    visit,
)
from graphql.language import (
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    UnionTypeDefinitionNode,
)
from graphql.validation.validate import validate_sdl

from shared.graphql.specification import DEFINITIONS, LATEST, OLDEST, SCALARS_SINCE, SINCE

_FEDERATION = re.compile(r"https://specs\.apollo\.dev/federation/v(\d+)\.(\d+)/?")
_DEFINED: Mapping[type[Node], type[Node]] = {
    ObjectTypeExtensionNode: ObjectTypeDefinitionNode,
    InterfaceTypeExtensionNode: InterfaceTypeDefinitionNode,
    UnionTypeExtensionNode: UnionTypeDefinitionNode,
    EnumTypeExtensionNode: EnumTypeDefinitionNode,
    InputObjectTypeExtensionNode: InputObjectTypeDefinitionNode,
    ScalarTypeExtensionNode: ScalarTypeDefinitionNode,
}


class ContractError(Exception):
    """Something in the SDL that the chassis can't hold: in which line, what, and the way out."""

    def __init__(self, message: str, place: Node | None = None, line: int | None = None) -> None:
        self.line = place.loc.start_token.line if place and place.loc else line
        super().__init__(f"{self.line}: {message}" if self.line else message)


@dataclass(frozen=True, slots=True)
class _Federation:
    """How a subgraph calls what the specification has: names in its SDL and those of the specification."""

    version: tuple[int, int]
    directives: Mapping[str, str]


def read_contract(sdl: str) -> DocumentNode:
    """The SDL in the specification's names, with the specification's definitions, valid as far as one subgraph is.

    Raises:
        ContractError: when it is not.
    """
    document = _parsed(sdl)
    federation = _federation(document)
    definitions = [each for each in document.definitions if not _is_federations(each, federation)]
    _require_known_directives(document, federation, definitions)
    renamed = [visit(each, _Renaming(federation.directives)) for each in definitions]
    contract = DocumentNode(definitions=(*_without_orphans(renamed), *_definitions_missing_in(renamed)))
    for problem in validate_sdl(contract):
        raise ContractError(_told(problem.message, federation), problem.nodes[0] if problem.nodes else None)
    return contract


def directive_arguments(directive: DirectiveNode) -> Mapping[str, Any]:
    """A directive's arguments as plain values."""
    return {each.name.value: value_from_ast_untyped(each.value) for each in directive.arguments or ()}


def query_name(document: DocumentNode) -> str:
    """The name of the type whose fields are the subgraph's queries."""
    for schema in document.definitions:
        if isinstance(schema, SchemaDefinitionNode | SchemaExtensionNode):
            for root in schema.operation_types or ():
                if root.operation is OperationType.QUERY:
                    return root.type.name.value
    return "Query"


def _parsed(sdl: str) -> DocumentNode:
    try:
        return parse(sdl)
    except GraphQLError as error:
        raise ContractError(error.message, line=error.locations[0].line if error.locations else None) from error


def _federation(document: DocumentNode) -> _Federation:
    found = [(directive, version) for directive in _links(document) if (version := _version(directive))]
    if not found:
        return _Federation(LATEST, {})
    if len(found) > 1:
        raise ContractError("a second link to the Federation specification: one version says it all", found[1][0])
    directive, version = found[0]
    if not OLDEST <= version <= LATEST:
        raise ContractError(
            f"links Federation v{_written(version)}, and the chassis holds v{_written(OLDEST)} to v{_written(LATEST)}",
            directive,
        )
    return _Federation(version, _names(directive, version))


def _links(document: DocumentNode) -> Iterator[DirectiveNode]:
    for schema in document.definitions:
        if isinstance(schema, SchemaDefinitionNode | SchemaExtensionNode):
            yield from (each for each in schema.directives or () if each.name.value == "link")


def _version(link: DirectiveNode) -> tuple[int, int] | None:
    url = _FEDERATION.fullmatch(str(directive_arguments(link).get("url")))
    return (int(url[1]), int(url[2])) if url else None


def _names(link: DirectiveNode, version: tuple[int, int]) -> dict[str, str]:
    arguments = directive_arguments(link)
    prefix = arguments.get("as") or "federation"
    names = {f"{prefix}__{name}": name for name, since in SINCE.items() if since <= version}
    for each in arguments.get("import") or ():
        imported = each if isinstance(each, dict) else {"name": each}
        name, local = str(imported.get("name")), str(imported.get("as") or imported.get("name"))
        _require_importable(name, version, link)
        if name.startswith("@"):
            names[local.removeprefix("@")] = name[1:]
    return names


def _require_importable(name: str, version: tuple[int, int], link: DirectiveNode) -> None:
    since = SINCE.get(name[1:]) if name.startswith("@") else SCALARS_SINCE.get(name)
    if since is None:
        raise ContractError(f"imports {name}, which Federation does not have: look at its spelling", link)
    if since > version:
        raise ContractError(
            f"imports {name} of Federation v{_written(version)}, which has it since v{_written(since)}: link that one",
            link,
        )


def _written(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _is_federations(definition: DefinitionNode, federation: _Federation) -> bool:
    """Whether it repeats what the specification defines, as some generators of SDL do."""
    return isinstance(definition, DirectiveDefinitionNode) and definition.name.value in federation.directives


def _require_known_directives(
    document: DocumentNode, federation: _Federation, definitions: list[DefinitionNode]
) -> None:
    own = {each.name.value: each for each in definitions if isinstance(each, DirectiveDefinitionNode)}
    for name, definition in own.items():
        if name in SINCE:
            raise ContractError(
                f"defines a directive @{name}, which is Federation's name: call it by another", definition
            )
    known = {*own, *federation.directives, *(each.name for each in specified_directives), "link"}
    visit(document, _Asking(known))


class _Asking(Visitor):
    """Asks whether all directives are known."""

    def __init__(self, known: set[str]) -> None:
        super().__init__()
        self._known = known

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        name = node.name.value
        if name in self._known:
            return
        way_out = (
            f'import it: @link(..., import: ["@{name}"])' if name in SINCE else "define it, or look at its spelling"
        )
        raise ContractError(f"@{name} is neither imported nor defined: {way_out}", node)


class _Renaming(Visitor):
    """Gives directives the specification's names."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._names = names

    def leave_directive(self, node: DirectiveNode, *_: Any) -> DirectiveNode | None:
        name = self._names.get(node.name.value)
        return replace(node, name=replace(node.name, value=name)) if name else None


def _without_orphans(definitions: list[DefinitionNode]) -> Iterator[DefinitionNode]:
    """The first extension of a type that is defined elsewhere alone stands for its definition."""
    defined = {each.name.value for each in definitions if isinstance(each, TypeDefinitionNode)}
    for definition in definitions:
        if isinstance(definition, TypeExtensionNode) and definition.name.value not in defined:
            defined.add(definition.name.value)
            yield _as_definition(definition)
        else:
            yield definition


def _as_definition(extension: TypeExtensionNode) -> DefinitionNode:
    parts = {field.name: getattr(extension, field.name) for field in fields(extension)}
    defined: Any = _DEFINED[type(extension)]
    definition: DefinitionNode = defined(**parts)
    return definition


def _definitions_missing_in(definitions: list[DefinitionNode]) -> Iterator[DefinitionNode]:
    """The specification's own, but scalars that the SDL names by itself."""
    own = {each.name.value for each in definitions if isinstance(each, TypeDefinitionNode | DirectiveDefinitionNode)}
    for definition in DEFINITIONS.definitions:
        assert isinstance(definition, TypeDefinitionNode | DirectiveDefinitionNode)
        if definition.name.value not in own:
            yield definition


def _told(message: str, federation: _Federation) -> str:
    """One line, with directives by the names that the SDL calls them."""
    by_local = {name: local for local, name in federation.directives.items()}
    said = re.sub(r"@(\w+)", lambda found: f"@{by_local.get(found[1], found[1])}", message)
    return " ".join(said.split())
