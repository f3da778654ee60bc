"""GraphQL documents, parsed, validated and measured once: that costs more than executing them."""

import contextlib
import gc
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    parse,
)

from shared.errors import BadUserInput, LimitExceeded, ServiceError
from shared.graphql import limits
from shared.graphql.asked import label_of, places_of
from shared.graphql.coercion import Variables
from shared.graphql.compiled import CompiledQuery, compile_query
from shared.graphql.cost import CostModel, Estimate
from shared.graphql.measure import Fragments, require_measured
from shared.graphql.skew import VersionSkewError
from shared.graphql.validation import InvalidDocumentError, differences

# What a document takes in memory, by what tests measure of many kinds:
# its nodes, and the closures that are made of them.
_BYTES = 10_000
_BYTES_OF_A_TOKEN = 700
_REMEMBERED_BYTES = 24_000_000  # of all documents together, however many clients send
_REMEMBERED_LENGTH = 20_000  # characters of one; longer documents are rare
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class PreparedOperation:
    """An operation that is valid and within the limits.

    ``label`` names it in metrics by its root fields; ``compiled`` is None for what graphql-core has to execute.
    What it costs may depend on the values of its variables.
    """

    definition: OperationDefinitionNode
    fragments: Fragments
    variables: Variables
    label: str
    compiled: CompiledQuery | None
    cost: Estimate
    tokens: int

    @property
    def is_query(self) -> bool:
        """Whether it has no effects."""
        return self.definition.operation is OperationType.QUERY


# What came of a document: the operation, or why there is none.
_Outcome = PreparedOperation | InvalidDocumentError | VersionSkewError | ServiceError


class DocumentCache:
    """Prepares operations and remembers the latest, those that were rejected too: they tend to come again."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._costs = CostModel(schema)
        self._outcomes: OrderedDict[tuple[str, str | None], _Outcome] = OrderedDict()
        self._bytes = 0

    def prepare(self, query: str, operation_name: str | None) -> PreparedOperation:
        """The operation to execute.

        Raises:
            InvalidDocumentError: when it can't be parsed, or has values that its scalars do not take.
            VersionSkewError: when it is not valid for the schema.
            LimitExceeded: when it is too long, too deep or asks for too much.
            BadUserInput: when the document has no such operation.
        """
        key = (query, operation_name)
        outcome = self._outcomes.get(key)
        if outcome is None:
            outcome = self._prepared_or_rejected(query, operation_name)
            self._remember(key, outcome)
        if isinstance(outcome, PreparedOperation):
            return outcome
        raise outcome.with_traceback(None)

    def _prepared_or_rejected(self, query: str, operation_name: str | None) -> _Outcome:
        try:
            with _uncollected():
                return self._prepare(query, operation_name)
        except (InvalidDocumentError, VersionSkewError, ServiceError) as rejection:
            # Bare: its traceback and its cause would keep the whole document.
            rejection.__cause__ = rejection.__context__ = None
            return rejection

    def _prepare(self, query: str, operation_name: str | None) -> PreparedOperation:
        document = _parse(query)
        fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        definition = get_operation_ast(document, operation_name)
        if definition is None:
            raise BadUserInput(
                "The document has no such operation, or several and no operationName.", ("operationName",)
            )
        if definition.operation is OperationType.SUBSCRIPTION:
            raise BadUserInput("There are no subscriptions yet.")
        require_measured(document, fragments)
        label = label_of(definition, fragments)
        if lacking := differences(self._schema, document):
            raise VersionSkewError("document", label, places_of(definition, fragments), lacking)
        compiled = compile_query(self._schema, definition, fragments)
        cost = self._costs.cost(definition, fragments)
        variables = Variables(self._schema, definition.variable_definitions or ())
        return PreparedOperation(definition, fragments, variables, label, compiled, cost, document.token_count)

    def _remember(self, key: tuple[str, str | None], outcome: _Outcome) -> None:
        if _length(key) > _REMEMBERED_LENGTH:
            return
        self._outcomes[key] = outcome
        self._bytes += _weight(key, outcome)
        while self._bytes > _REMEMBERED_BYTES or len(self._outcomes) > _REMEMBERED:
            forgotten = self._outcomes.popitem(last=False)
            self._bytes -= _weight(*forgotten)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage is collected inside.

    Collections would walk a growing document again and again, a third of the time it takes.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _weight(key: tuple[str, str | None], outcome: _Outcome) -> int:
    """About how many bytes a remembered outcome takes."""
    tokens = outcome.tokens if isinstance(outcome, PreparedOperation) else 0
    return _BYTES + 2 * _length(key) + _BYTES_OF_A_TOKEN * tokens


def _length(key: tuple[str, str | None]) -> int:
    return len(key[0]) + len(key[1] or "")


def _parse(query: str) -> DocumentNode:
    if len(query) > limits.DOCUMENT_CHARACTERS:
        raise LimitExceeded(f"The query has more than {limits.DOCUMENT_CHARACTERS} characters.")
    try:
        return parse(query, no_location=True, max_tokens=limits.TOKENS)  # locations would more than double its size
    except GraphQLError as error:
        if "tokens" in error.message:
            raise LimitExceeded(f"The query has more than {limits.TOKENS} tokens.") from error
        if "nested too deeply" in error.message:
            raise LimitExceeded(f"The query is nested more than {limits.DEPTH} levels deep.") from error
        raise InvalidDocumentError([error]) from error
