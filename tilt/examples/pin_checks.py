"""Whether pins are what the contracts allow: known types and fields, values of their types."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    Undefined,
    coerce_input_value,
    is_abstract_type,
)

from tilt.examples.contract import Contract
from tilt.examples.pages import is_connection, node_type
from tilt.examples.pins import Pin, PinError, Pins
from tilt.examples.scalars import mistake_of


def check_pins(pins: Pins, contracts: Collection[Contract]) -> None:
    """Holds pins against the contracts of a tree: a field may be any subgraph's.

    Raises:
        PinError: naming file and key of the first that is wrong.
    """
    for of_field in pins.fields.values():
        for pin in of_field:
            _check(pin, contracts)


def _check(pin: Pin, contracts: Collection[Contract]) -> None:
    having_type = [contract for contract in contracts if _is_object(contract, pin.typename)]
    if not having_type:
        raise PinError(f"{pin.where}: no subgraph has a type {pin.typename}")
    if pin.name is not None and not any(_single_key(contract, pin.typename) for contract in having_type):
        raise PinError(f"{pin.where}: {pin.typename} has no key of one field to name one by")
    having_field = [each for each in having_type if pin.field in _fields(each, pin.typename)]
    if not having_field:
        raise PinError(f"{pin.where}: {pin.typename} has no field {pin.field}")
    for contract in having_field:
        field = _fields(contract, pin.typename)[pin.field]
        _check_arguments(pin, field)
        for mistake in _mistakes(contract, field.type, pin.value, pin.where):
            raise PinError(mistake)


def _check_arguments(pin: Pin, field: GraphQLField) -> None:
    for name, value in pin.arguments.items():
        if name not in field.args:
            raise PinError(f"{pin.where}: {pin.typename}.{pin.field} has no argument {name}")
        expected = field.args[name].type
        if coerce_input_value(value, expected) is Undefined:
            raise PinError(f"{pin.where}: {name}: {value!r} is no {expected}")


def _mistakes(contract: Contract, output: Any, value: Any, where: str) -> Iterator[str]:
    """What is wrong with a value of a type."""
    if isinstance(output, GraphQLNonNull):
        if value is None:
            yield f"{where}: can't be null"
        else:
            yield from _mistakes(contract, output.of_type, value, where)
    elif value is not None:
        for kind, check in _CHECKS:
            if isinstance(output, kind):
                yield from check(contract, output, value, where)
                return


def _list_mistakes(contract: Contract, output: Any, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{where}: is no list"
        return
    for number, each in enumerate(value):
        yield from _mistakes(contract, output.of_type, each, f"{where}[{number}]")


def _enum_mistakes(contract: Contract, output: Any, value: Any, where: str) -> Iterator[str]:
    if value not in output.values:
        yield f"{where}: {value!r} is none of {', '.join(output.values)}"


def _scalar_mistakes(contract: Contract, output: Any, value: Any, where: str) -> Iterator[str]:
    if mistake := mistake_of(output.name, value):
        yield f"{where}: {value!r} is {mistake}"


def _object_mistakes(contract: Contract, output: Any, value: Any, where: str) -> Iterator[str]:
    if is_connection(output) and isinstance(value, list):
        yield from _list_mistakes(contract, GraphQLList(node_type(output)), value, where)
    elif isinstance(value, str) and _single_key(contract, output.name):
        return
    elif not isinstance(value, dict):
        expected = "no id" if output.name in contract.keys else "no mapping of fields"
        yield f"{where}: {value!r} is {expected} of {output.name}"
    else:
        yield from _mapping_mistakes(contract, output, value, where)


def _mapping_mistakes(contract: Contract, output: Any, value: Mapping[str, Any], where: str) -> Iterator[str]:
    typename = value.get("__typename", output.name)
    concrete = contract.schema.type_map.get(typename)
    if not isinstance(concrete, GraphQLObjectType) or not _may_be(contract, output, concrete):
        yield f"{where}: say by __typename which {output.name} it is"
        return
    for name, each in value.items():
        if name == "__typename":
            continue
        if name not in concrete.fields:
            yield f"{where}.{name}: {typename} has no field {name}"
        else:
            yield from _mistakes(contract, concrete.fields[name].type, each, f"{where}.{name}")


def _may_be(contract: Contract, output: Any, concrete: GraphQLObjectType) -> bool:
    if output is concrete:
        return True
    return is_abstract_type(output) and contract.schema.is_sub_type(output, concrete)


Check = Callable[[Contract, Any, Any, str], Iterator[str]]
_CHECKS: Sequence[tuple[Any, Check]] = (
    (GraphQLList, _list_mistakes),
    (GraphQLEnumType, _enum_mistakes),
    (GraphQLScalarType, _scalar_mistakes),
    (object, _object_mistakes),
)


def _is_object(contract: Contract, typename: str) -> bool:
    return isinstance(contract.schema.type_map.get(typename), GraphQLObjectType | GraphQLInterfaceType)


def _fields(contract: Contract, typename: str) -> Mapping[str, GraphQLField]:
    named: Any = contract.schema.type_map[typename]
    fields: Mapping[str, GraphQLField] = named.fields
    return fields


def _single_key(contract: Contract, typename: str) -> bool:
    keys = contract.keys.get(typename)
    return keys is not None and len(keys[0]) == 1 and None in keys[0].values()
