"""The SDL's camelCase and Python's snake_case."""

import re
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def snake_case(name: str) -> str:
    """``hasNextPage`` as ``has_next_page``."""
    return _HUMP.sub("_", name).lower()


def camel_case(name: str) -> str:
    """``has_next_page`` as ``hasNextPage``."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


class AttributeResolver:
    """Resolves a field by reading an attribute, or a key of a mapping. The executor reads it without calling it."""

    def __init__(self, attribute: str) -> None:
        self.attribute = attribute

    def __call__(self, source: Any, *_: Any, **__: Any) -> Any:
        return source.get(self.attribute) if isinstance(source, Mapping) else getattr(source, self.attribute)


def use_snake_case(schema: GraphQLSchema) -> None:
    """Has fields without a resolver, arguments and input fields go by their snake_case names in Python."""
    for named_type in schema.type_map.values():
        if named_type.name.startswith("__"):
            continue
        if isinstance(named_type, GraphQLObjectType):
            _name_fields(named_type)
        elif isinstance(named_type, GraphQLInputObjectType):
            for name, input_field in named_type.fields.items():
                input_field.out_name = snake_case(name)


def _name_fields(object_type: GraphQLObjectType) -> None:
    for name, field in object_type.fields.items():
        field.resolve = field.resolve or AttributeResolver(snake_case(name))
        for argument_name, argument in field.args.items():
            argument.out_name = snake_case(argument_name)
