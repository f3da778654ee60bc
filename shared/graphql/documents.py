"""GraphQL documents, parsed, validated and measured once: that costs more than executing them."""

from collections import OrderedDict
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_operation_ast,
    parse,
    validate,
)

from shared.errors import BadUserInput, LimitExceeded
from shared.graphql.compiled import CompiledQuery, Fragments, compile_query

MAX_TOKENS = 5000
MAX_DEPTH = 20
MAX_ALIASES = 200
_REMEMBERED = 1000
_REMEMBERED_LENGTH = 20_000  # characters; longer documents are rare and would let a client fill the memory


@dataclass(frozen=True, slots=True)
class PreparedOperation:
    """An operation that is valid and within the limits.

    ``label`` names it in metrics by its root fields; ``compiled`` is None for what graphql-core has to execute.
    """

    document: DocumentNode
    definition: OperationDefinitionNode
    label: str
    compiled: CompiledQuery | None


class InvalidDocument(Exception):
    """A document that breaks the GraphQL specification's rules."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


class DocumentCache:
    """Prepares operations and remembers the latest thousand."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._prepared: OrderedDict[tuple[str, str | None], PreparedOperation] = OrderedDict()

    def prepare(self, query: str, operation_name: str | None) -> PreparedOperation:
        """The operation to execute.

        Raises:
            InvalidDocument: when it can't be parsed or is not valid for the schema.
            LimitExceeded: when it is too long, too deep or has too many aliases.
            BadUserInput: when the document has no such operation.
        """
        key = (query, operation_name)
        prepared = self._prepared.get(key)
        if prepared is None:
            prepared = self._prepare(query, operation_name)
            self._remember(key, prepared)
        return prepared

    def _prepare(self, query: str, operation_name: str | None) -> PreparedOperation:
        document = _parse(query)
        fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        definition = get_operation_ast(document, operation_name)
        if definition is None:
            raise BadUserInput("The document has no such operation, or several and no operationName.", ("operationName",))
        _check_limits(definition, fragments)
        errors = validate(self._schema, document, max_errors=20)
        if errors:
            raise InvalidDocument(errors)
        compiled = compile_query(self._schema, definition, fragments)
        return PreparedOperation(document, definition, _label(definition, fragments), compiled)

    def _remember(self, key: tuple[str, str | None], prepared: PreparedOperation) -> None:
        if len(key[0]) > _REMEMBERED_LENGTH:
            return
        self._prepared[key] = prepared
        if len(self._prepared) > _REMEMBERED:
            self._prepared.popitem(last=False)


def _parse(query: str) -> DocumentNode:
    try:
        return parse(query, max_tokens=MAX_TOKENS)
    except GraphQLError as error:
        if "tokens" in error.message:
            raise LimitExceeded(f"The query has more than {MAX_TOKENS} tokens.") from error
        if "nested too deeply" in error.message:
            raise LimitExceeded(f"The query is nested more than {MAX_DEPTH} levels deep.") from error
        raise InvalidDocument([error]) from error


def _check_limits(definition: OperationDefinitionNode, fragments: Fragments) -> None:
    aliases = _measure(definition.selection_set, fragments, 1, frozenset())
    if aliases > MAX_ALIASES:
        raise LimitExceeded(f"The query has more than {MAX_ALIASES} aliases.")


def _measure(selection_set: SelectionSetNode, fragments: Fragments, depth: int, within: frozenset[str]) -> int:
    """How many aliases there are; refuses what is too deep. Cycles of fragments are left to validation."""
    if depth > MAX_DEPTH:
        raise LimitExceeded(f"The query is nested more than {MAX_DEPTH} levels deep.")
    aliases = 0
    for selection in selection_set.selections:
        match selection:
            case FieldNode():
                aliases += selection.alias is not None
                if selection.selection_set:
                    aliases += _measure(selection.selection_set, fragments, depth + 1, within)
            case InlineFragmentNode():
                aliases += _measure(selection.selection_set, fragments, depth, within)
            case FragmentSpreadNode() if (name := selection.name.value) in fragments and name not in within:
                aliases += _measure(fragments[name].selection_set, fragments, depth, within | {name})
        if aliases > MAX_ALIASES:
            return aliases
    return aliases


def _label(definition: OperationDefinitionNode, fragments: Fragments) -> str:
    """Root fields, and for ``_entities`` the types asked for: a bounded set of names, since the schema is bounded."""
    names = [_root_name(field) for field in _root_fields(definition.selection_set, fragments)]
    return f"{definition.operation.value} {','.join(sorted(set(names)))}"


def _root_fields(selection_set: SelectionSetNode, fragments: Fragments) -> list[FieldNode]:
    fields: list[FieldNode] = []
    for selection in selection_set.selections:
        match selection:
            case FieldNode():
                fields.append(selection)
            case InlineFragmentNode():
                fields.extend(_root_fields(selection.selection_set, fragments))
            case FragmentSpreadNode():
                fields.extend(_root_fields(fragments[selection.name.value].selection_set, fragments))
    return fields


def _root_name(field: FieldNode) -> str:
    if field.name.value != "_entities" or field.selection_set is None:
        return field.name.value
    inline = [part for part in field.selection_set.selections if isinstance(part, InlineFragmentNode)]
    types = sorted({part.type_condition.name.value for part in inline if part.type_condition})
    return f"_entities({'|'.join(types)})"
