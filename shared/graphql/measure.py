"""How much a document asks for, measured in time linear in its text however often its fragments spread each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
)

from shared.errors import BadUserInput, LimitExceeded
from shared.graphql import limits

Fragments = dict[str, FragmentDefinitionNode]


class Size(NamedTuple):
    """What is selected, fragments counted as often as they are spread.

    ``selections`` are fields, spreads and inline fragments.
    """

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    selections: int = 0


_NOTHING = Size()


def size_of(operation: OperationDefinitionNode, fragments: Fragments) -> Size:
    """How much an operation asks for.

    Raises:
        BadUserInput: when a fragment spreads itself.
    """
    return _Measure(fragments).of(operation.selection_set)


def require_measured(document: DocumentNode, fragments: Fragments) -> None:
    """Returns for a document that can be validated and executed at a bounded price.

    Raises:
        LimitExceeded: saying what it has too much of.
        BadUserInput: when a fragment spreads itself.
    """
    measure = _Measure(fragments)
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) > limits.OPERATIONS:
        raise LimitExceeded(f"The document has more than {limits.OPERATIONS} operations.")
    sizes = [measure.of(operation.selection_set) for operation in operations]
    for operation, size in zip(operations, sizes, strict=True):
        _require_small(operation, size, measure)
    # Validation looks at every fragment by itself as well, used or not.
    if sum(size.selections for size in (*sizes, *map(measure.of_fragment, fragments))) > limits.SELECTIONS:
        raise LimitExceeded(
            f"The document has more than {limits.SELECTIONS} selections, those of fragments wherever they are spread."
        )
    _require_few_comparisons([node.selection_set for node in (*operations, *fragments.values())], fragments)


def _require_small(operation: OperationDefinitionNode, size: Size, measure: "_Measure") -> None:
    bounds = (("aliases", size.aliases, limits.ALIASES), ("fields", size.fields, limits.FIELDS))
    if size.depth > limits.DEPTH:
        raise LimitExceeded(f"The query is nested more than {limits.DEPTH} levels deep.")
    for what, count, most in bounds:
        if count > most:
            raise LimitExceeded(f"The query has more than {most} {what}.")
    if (
        operation.operation is OperationType.MUTATION
        and measure.root_fields(operation.selection_set) > limits.MUTATIONS
    ):
        raise LimitExceeded(f"The request has more than {limits.MUTATIONS} mutations.")
    if measure.schemas(operation.selection_set) > limits.SCHEMAS:
        raise LimitExceeded(f"The query asks for the schema more than {limits.SCHEMAS} times.")


class _Measure:
    """Measures each fragment once."""

    def __init__(self, fragments: Fragments) -> None:
        self._fragments = fragments
        self._sizes: dict[str, Size] = {}
        self._within: set[str] = set()
        self._root_fields: dict[str, int] = {}
        self._schemas: dict[str, int] = {}

    def of(self, selection_set: SelectionSetNode) -> Size:
        sizes = [self._of_selection(selection) for selection in selection_set.selections]
        return Size(max(size.depth for size in sizes), *(sum(size[part] for size in sizes) for part in (1, 2, 3)))

    def of_fragment(self, name: str) -> Size:
        """That of a fragment by its name; nothing for one that is not defined, which validation rejects."""
        known = self._sizes.get(name)
        if known is None:
            if name in self._within:
                raise BadUserInput("A fragment of the document spreads itself.")
            self._within.add(name)
            fragment = self._fragments.get(name)
            known = self._sizes[name] = self.of(fragment.selection_set) if fragment else _NOTHING
        return known

    def schemas(self, selection_set: SelectionSetNode) -> int:
        """How often the whole schema is asked for at the top, fragments' included."""
        return sum(self._schemas_of(selection) for selection in selection_set.selections)

    def _schemas_of(self, selection: SelectionNode) -> int:
        if isinstance(selection, InlineFragmentNode):
            return self.schemas(selection.selection_set)
        if not isinstance(selection, FragmentSpreadNode):
            return int(isinstance(selection, FieldNode) and selection.name.value == "__schema")
        name = selection.name.value
        if name not in self._schemas:
            self._schemas[name] = 0
            fragment = self._fragments.get(name)
            self._schemas[name] = self.schemas(fragment.selection_set) if fragment else 0
        return self._schemas[name]

    def root_fields(self, selection_set: SelectionSetNode) -> int:
        """How many fields there are at the top, fragments' included."""
        return sum(self._root_fields_of(selection) for selection in selection_set.selections)

    def _root_fields_of(self, selection: SelectionNode) -> int:
        if isinstance(selection, InlineFragmentNode):
            return self.root_fields(selection.selection_set)
        if not isinstance(selection, FragmentSpreadNode):
            return 1
        name = selection.name.value
        if name not in self._root_fields:
            self._root_fields[name] = 0
            fragment = self._fragments.get(name)
            self._root_fields[name] = self.root_fields(fragment.selection_set) if fragment else 0
        return self._root_fields[name]

    def _of_selection(self, selection: SelectionNode) -> Size:
        if isinstance(selection, FieldNode):
            for argument in selection.arguments or ():
                _require_small_value(argument.value)
            inner = self.of(selection.selection_set) if selection.selection_set else _NOTHING
            depth, aliases, fields, selections = inner
            return Size(depth + 1, aliases + (selection.alias is not None), fields + 1, selections + 1)
        if isinstance(selection, InlineFragmentNode):
            inner = self.of(selection.selection_set)
        else:
            assert isinstance(selection, FragmentSpreadNode)
            inner = self.of_fragment(selection.name.value)
        return inner._replace(selections=inner.selections + 1)


def _require_small_value(value: ValueNode) -> None:
    """Objects in a document are bounded like those in variables: validation tells of each field that nobody knows."""
    if isinstance(value, ObjectValueNode):
        if len(value.fields) > limits.OBJECT_KEYS:
            raise LimitExceeded(f"An object of the document has more than {limits.OBJECT_KEYS} fields.")
        for field in value.fields:
            _require_small_value(field.value)
    elif isinstance(value, ListValueNode):
        for item in value.values:
            _require_small_value(item)


def _require_few_comparisons(roots: Iterable[SelectionSetNode], fragments: Fragments) -> None:
    pairs = 0
    for root in roots:
        for count in _namesakes([root], fragments):
            pairs += count * (count - 1) // 2
            if pairs > limits.PAIRS:
                raise LimitExceeded("The query selects the same fields too many times over.")


def _namesakes(selection_sets: list[SelectionSetNode], fragments: Fragments) -> Iterator[int]:
    """How many selections there are of each place of an answer.

    Spreads beside each other are compared with each other too.
    """
    fields: defaultdict[str, list[SelectionSetNode | None]] = defaultdict(list)
    spread: set[str] = set()
    for selection_set in selection_sets:
        _gather(selection_set, fragments, fields, spread)
    yield 2 * len(spread)
    for nodes in fields.values():
        yield len(nodes)
        inner = [node for node in nodes if node]
        if inner:
            yield from _namesakes(inner, fragments)


def _gather(
    selection_set: SelectionSetNode,
    fragments: Fragments,
    fields: dict[str, list[SelectionSetNode | None]],
    spread: set[str],
) -> None:
    for selection in selection_set.selections:
        if isinstance(selection, FieldNode):
            fields[(selection.alias or selection.name).value].append(selection.selection_set)
        elif isinstance(selection, InlineFragmentNode):
            _gather(selection.selection_set, fragments, fields, spread)
        elif (
            isinstance(selection, FragmentSpreadNode)
            and (name := selection.name.value) not in spread
            and name in fragments
        ):
            # Once is enough, as in validation: a fragment's fields are compared with themselves where it is defined.
            spread.add(name)
            _gather(fragments[name].selection_set, fragments, fields, spread)
