"""Queries compiled into closures, once per document: several times faster than walking the document for every request.

A compiled query answers only when all goes well. Whatever does not (an error, a null where none may be) makes it raise,
and the endpoint has graphql-core execute the query again, which answers errors as the specification wants them. Queries
have no effects, so that executing one twice is safe; mutations are never compiled.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import is_awaitable

from shared.graphql.calls import Teller, arguments_of
from shared.graphql.completion import (
    Completer,
    FieldReader,
    Pending,
    Run,
    UnanswerableError,
    attribute_reader,
    constant_reader,
    leaf,
    leaf_reader,
    listed,
    optional,
    required,
    selected,
)
from shared.graphql.measure import Fragments
from shared.graphql.names import AttributeResolver
from shared.telemetry.failures import described
from shared.telemetry.metrics import COMPILED_FALLBACKS

logger = logging.getLogger(__name__)

Made = TypeVar("Made")


class UncompilableError(Exception):
    """The query uses something rare that is left to graphql-core: introspection, or a directive."""


class CompiledQuery:
    """A query that is ready to run."""

    def __init__(self, root: Completer) -> None:
        self._root = root
        self.is_told = False  # whether the log was told that it does not do as it should

    async def execute(self, context: Any, variables: VariableValues) -> dict[str, Any]:
        """The query's data.

        Raises:
            TooManyValues: when the answer would be too large.
            Exception: whatever else kept it from being answered without an error.
        """
        run = Run(context, variables)
        try:
            data: dict[str, Any] = self._root(None, run)
            while run.pending:
                await _settle(run)
        except BaseException:
            _discard(run.pending)
            raise
        return data


async def _settle(run: Run) -> None:
    """Awaits what is pending, side by side, and puts the values into their places; they may bring new pending ones."""
    waiting, run.pending = run.pending, []
    if len(waiting) == 1:
        values = [await waiting[0].value]
    else:
        values = await asyncio.gather(*(pending.value for pending in waiting), return_exceptions=True)
    for pending, value in zip(waiting, values, strict=True):
        pending.target[pending.key] = pending.complete(value, run)


def _discard(pending: Iterable[Pending]) -> None:
    for abandoned in pending:
        if isinstance(abandoned.value, Coroutine):
            abandoned.value.close()


def compile_query(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Fragments
) -> CompiledQuery | None:
    """The compiled query, or None for a mutation and for what is left to graphql-core."""
    if operation.operation is not OperationType.QUERY or schema.query_type is None:
        return None
    compiler = _Compiler(schema, operation, fragments)
    try:
        root = compiler.object_completer(schema.query_type, [operation.selection_set])
    except UncompilableError:
        return None
    except Exception as error:  # a fault of the compiler; graphql-core executes the query all the same
        COMPILED_FALLBACKS.labels("compilation", type(error).__name__).inc()
        logger.exception("a query can't be compiled: %s", described(error))
        return None
    return CompiledQuery(root)


class _Compiler:
    """Turns selections and types into closures.

    Equal parts of a query become one closure: whoever repeats fields or spreads a fragment often makes a large
    document, but no large query of it, which is remembered.
    """

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Fragments) -> None:
        self._schema = schema
        self._fragments = fragments
        self._teller = Teller(schema, operation, fragments)
        self._resolvers = 0
        self._made: dict[tuple[Any, ...], Any] = {}
        self._readers: dict[tuple[str, str, tuple[int, ...]], FieldReader] = {}

    def _once(self, make: Callable[..., Made], *parts: Any) -> Made:
        """What ``make`` makes of these parts: the same thing whenever they are the same."""
        key = (make, *parts)
        if key not in self._made:
            self._made[key] = make(*parts)
        made: Made = self._made[key]
        return made

    def object_completer(self, object_type: GraphQLObjectType, selection_sets: Sequence[SelectionSetNode]) -> Completer:
        """Reads the selected fields of an object into a dictionary, in the order of the selection."""
        if object_type.is_type_of is not None:
            raise UncompilableError
        nodes: dict[str, list[FieldNode]] = {}
        for selection_set in selection_sets:
            self._collect(object_type, selection_set, nodes)
        return self._once(
            selected, tuple([(key, self._field_reader(object_type, key, each)) for key, each in nodes.items()])
        )

    def _collect(
        self, object_type: GraphQLObjectType, selection_set: SelectionSetNode, nodes: dict[str, list[FieldNode]]
    ) -> None:
        for selection in selection_set.selections:
            if selection.directives:
                raise UncompilableError
            match selection:
                case FieldNode():
                    key = (selection.alias or selection.name).value
                    nodes.setdefault(key, []).append(selection)
                case InlineFragmentNode():
                    condition = selection.type_condition
                    if condition is None or self._applies(condition.name.value, object_type):
                        self._collect(object_type, selection.selection_set, nodes)
                case FragmentSpreadNode():
                    fragment = self._fragments[selection.name.value]
                    if self._applies(fragment.type_condition.name.value, object_type):
                        self._collect(object_type, fragment.selection_set, nodes)

    def _applies(self, condition: str, object_type: GraphQLObjectType) -> bool:
        conditional = self._schema.type_map[condition]
        if isinstance(conditional, GraphQLObjectType):
            return conditional.name == object_type.name
        return is_abstract_type(conditional) and self._schema.is_sub_type(conditional, object_type)

    def _field_reader(self, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> FieldReader:
        place = (parent.name, key, tuple([id(node) for node in nodes]))
        if place not in self._readers:
            self._readers[place] = self._new_field_reader(parent, key, nodes)
        return self._readers[place]

    def _new_field_reader(self, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> FieldReader:
        name = nodes[0].name.value
        if name == "__typename":
            return self._once(constant_reader, parent.name)
        if name.startswith("__"):
            raise UncompilableError
        definition = parent.fields[name]
        complete = self._completer(definition.type, nodes)
        if isinstance(definition.resolve, AttributeResolver):
            named = get_nullable_type(definition.type)
            if is_leaf_type(named):
                return self._once(leaf_reader, definition.resolve.attribute, named, complete)
            return self._once(attribute_reader, definition.resolve.attribute, complete)
        return self._resolver_reader(parent, definition, key, nodes, complete)

    def _resolver_reader(
        self, parent: GraphQLObjectType, definition: GraphQLField, key: str, nodes: list[FieldNode], complete: Completer
    ) -> FieldReader:
        resolve = definition.resolve
        arguments, told = arguments_of(definition, nodes[0]), self._teller.told
        self._resolvers += 1
        place = self._resolvers
        if resolve is None:
            raise UncompilableError

        def read(value: Any, run: Run, target: dict[str, Any]) -> Any:
            info = run.infos.get(place) or told(place, parent, definition, nodes, run)
            resolved = resolve(value, info, **arguments(run))
            if is_awaitable(resolved):
                run.pending.append(Pending(resolved, complete, target, key))
                return None
            return complete(resolved, run)

        return read

    def _completer(self, output_type: GraphQLOutputType, nodes: list[FieldNode]) -> Completer:
        if isinstance(output_type, GraphQLNonNull):
            return self._once(required, self._nullable_completer(output_type.of_type, nodes))
        return self._nullable_completer(output_type, nodes)

    def _nullable_completer(self, output_type: Any, nodes: list[FieldNode]) -> Completer:
        if isinstance(output_type, GraphQLList):
            return self._once(listed, self._completer(output_type.of_type, nodes))
        if is_leaf_type(output_type):
            return self._once(leaf, output_type)
        selection_sets = [node.selection_set for node in nodes if node.selection_set]
        if isinstance(output_type, GraphQLObjectType):
            return self._once(optional, self.object_completer(output_type, selection_sets))
        return optional(self._abstract_completer(output_type, selection_sets))

    def _abstract_completer(
        self, abstract_type: GraphQLAbstractType, selection_sets: Sequence[SelectionSetNode]
    ) -> Completer:
        resolve_type = abstract_type.resolve_type
        if resolve_type is None:
            raise UncompilableError
        nothing: Any = None
        objects = self._schema.get_possible_types(abstract_type)
        completers = {object_type.name: self.object_completer(object_type, selection_sets) for object_type in objects}

        def complete_abstract(value: Any, run: Run) -> Any:
            typename = resolve_type(value, nothing, abstract_type)
            if not isinstance(typename, str):
                raise UnanswerableError
            return completers[typename](value, run)

        return complete_abstract
