"""Other forms of a document that mean the same, by the specification's own words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import cycle
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    Lexer,
    NameNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    Source,
    TokenKind,
    VariableNode,
    Visitor,
    get_operation_ast,
    parse,
    print_ast,
    strip_ignored_characters,
    value_from_ast_untyped,
    visit,
)

from tests.property.request import Document

RENAMED = "renamed_"
# What stands in braces that would be empty: it is never answered.
NOTHING = "{ __typename @skip(if: true) }"
# What may stand between any two tokens and means nothing.
IGNORED = (" ", "\n", ", ", "\t", '#{ "é😀 }\r\n', "\r", "\ufeff", "\n\n,,")
Values = Mapping[str, Any]
Fragments = Mapping[str, FragmentDefinitionNode]


def renamed(document: Document) -> Document:
    """Every alias is a name that nothing else has; ``named_back`` reads the answer."""
    return replace(document, text=print_ast(visit(parse(document.text), _Renaming())))


def named_back(answer: Any) -> Any:
    """The answer to a renamed document with the names that were asked for."""
    if isinstance(answer, dict):
        return {key.removeprefix(RENAMED): named_back(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [named_back(item) for item in answer]
    return answer.removeprefix(RENAMED) if isinstance(answer, str) else answer


class _Renaming(Visitor):
    def enter_field(self, node: FieldNode, *_: object) -> object:
        if node.alias is None or node.alias.value == node.name.value:
            return None
        return _changed(node, alias=NameNode(value=RENAMED + node.alias.value))


def packed(document: Document) -> Document:
    """The document with nothing between tokens that can be left out, as tools send it."""
    return replace(document, text=strip_ignored_characters(document.text))


def strewn(document: Document) -> Document:
    """The document with all that means nothing between its tokens, and before and behind them."""
    parts = zip(cycle(IGNORED), _tokens(document.text), strict=False)
    return replace(document, text="".join(ignored + token for ignored, token in parts) + IGNORED[0])


def _tokens(text: str) -> Iterator[str]:
    lexer = Lexer(Source(text))
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        yield text[token.start : token.end]


def unconditional(document: Document) -> Document:
    """The document without ``@include(if: true)``, ``@skip(if: false)`` and variables that only they used."""
    parsed, operation = _parsed(document)
    shorter: DocumentNode = visit(parsed, _Unconditional(_values(operation, document.variables)))
    return replace(document, text=print_ast(visit(shorter, _OnlyVariables(_used(shorter)))))


class _Unconditional(Visitor):
    def __init__(self, values: Values) -> None:
        super().__init__()
        self._values = values

    def enter_directive(self, node: DirectiveNode, *_: object) -> object:
        return self.REMOVE if _lets_in(node, self._values) else None


class _OnlyVariables(Visitor):
    def __init__(self, used: set[str]) -> None:
        super().__init__()
        self._used = used

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> object:
        kept = tuple(each for each in node.variable_definitions or () if each.variable.name.value in self._used)
        return _changed(node, variable_definitions=kept)


def merged(document: Document) -> Document:
    """One operation without fragments and conditions, in which nothing is selected twice."""
    parsed, operation = _parsed(document)
    fragments = {node.name.value: node for node in parsed.definitions if isinstance(node, FragmentDefinitionNode)}
    merging = _Merging(fragments, _values(operation, document.variables))
    text = merging.selections([operation])
    used = _used(parse(text))
    kept = [each for each in operation.variable_definitions or () if each.variable.name.value in used]
    declared = f"({', '.join(map(print_ast, kept))})" if kept else ""
    return replace(document, text=f"{operation.operation.value} {declared} {text}", operation_name=None)


class _Merging:
    def __init__(self, fragments: Fragments, values: Values) -> None:
        self._fragments = fragments
        self._values = values

    def selections(self, parents: Iterable[Any]) -> str:
        """What all the parents' selections come to, as one."""
        fields: dict[str, list[FieldNode]] = {}
        for parent in parents:
            self._collect(parent.selection_set.selections, fields)
        return f"{{ {' '.join(self._field(nodes) for nodes in fields.values())} }}" if fields else NOTHING

    def _field(self, nodes: list[FieldNode]) -> str:
        bare = print_ast(_changed(nodes[0], directives=(), selection_set=None))
        return f"{bare} {self.selections(nodes)}" if nodes[0].selection_set else bare

    def _collect(self, selections: Iterable[SelectionNode], fields: dict[str, list[FieldNode]]) -> None:
        for selection in selections:
            if not all(_lets_in(directive, self._values) for directive in selection.directives or ()):
                continue
            if isinstance(selection, FieldNode):
                fields.setdefault((selection.alias or selection.name).value, []).append(selection)
            else:
                inner: Any = (
                    self._fragments[selection.name.value] if isinstance(selection, FragmentSpreadNode) else selection
                )
                self._collect(inner.selection_set.selections, fields)


def _parsed(document: Document) -> tuple[DocumentNode, OperationDefinitionNode]:
    parsed = parse(document.text)
    operation = get_operation_ast(parsed, document.operation_name)
    assert operation is not None
    return parsed, operation


def _values(operation: OperationDefinitionNode, given: Values) -> dict[str, Any]:
    definitions = operation.variable_definitions or ()
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in definitions
        if each.default_value
    }
    return {**defaults, **given}


def _lets_in(directive: DirectiveNode, values: Values) -> bool:
    """Whether a condition is met for these variables."""
    (argument,) = directive.arguments or ()
    value = argument.value
    condition = value.value if isinstance(value, BooleanValueNode) else values[value.name.value]  # type: ignore[attr-defined]
    return bool(condition) is (directive.name.value == "include")


def _used(document: DocumentNode) -> set[str]:
    used: set[str] = set()

    class Looking(Visitor):
        def enter_variable_definition(self, *_: object) -> object:
            return self.SKIP

        def enter_variable(self, node: VariableNode, *_: object) -> None:
            used.add(node.name.value)

    visit(document, Looking())
    return used


def _changed(node: Node, **changes: Any) -> Any:
    """A copy of the node in which some parts are others."""
    parts = {key: getattr(node, key) for key in node.keys if key != "loc"}
    return type(node)(**{**parts, **changes})
