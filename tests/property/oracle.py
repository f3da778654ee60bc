"""What is right: graphql-core executes a document over the merged schema.

Every object comes from its subgraph by itself.

It has nothing in common with a router: no plan, no joining of selections.
Each object is asked for whole and by its id, in plain documents without an alias, fragment or directive,
once for each caller; what a document selects of it, renames or leaves out is decided by graphql-core alone.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationType,
    execute,
    parse,
)

from tests.property.request import Document
from tests.property.schema import Owners, public_schema, selection_of, stands_alone, whole

Key = tuple[Any, ...]


class Oracle:
    """Answers documents for one caller, from subgraphs whose data does not change meanwhile."""

    def __init__(self, subgraphs: Mapping[str, httpx.AsyncClient], router_secret: str, token: str | None) -> None:
        self._subgraphs = subgraphs
        self._headers = {"x-router-secret": router_secret, **({"authorization": f"Bearer {token}"} if token else {})}
        self._known: dict[Key, asyncio.Task[Any]] = {}
        self._owners = Owners()
        self.schema: GraphQLSchema = public_schema()
        for each in self.schema.type_map.values():
            if isinstance(each, GraphQLObjectType) and not each.name.startswith("__"):
                self._give_resolvers(each)

    async def answer(self, document: Document) -> dict[str, Any]:
        """What a client of a right router is answered."""
        outcome = execute(self.schema, parse(document.text), None, None, document.variables, document.operation_name)
        result = outcome if isinstance(outcome, ExecutionResult) else await outcome
        return dict(result.formatted)

    def _give_resolvers(self, parent: GraphQLObjectType) -> None:
        for name, field in parent.fields.items():
            if stands_alone(self._owners, parent.name, name, field.args):
                field.resolve = self._resolver_of_field(parent, name, field)
            elif parent.name in self._owners.entities and name != "id":
                field.resolve = self._resolver_of_entity(parent, name)

    def _resolver_of_entity(self, parent: GraphQLObjectType, name: str) -> Any:
        subgraph = self._owners.of(parent.name, name)
        selection = whole(self.schema, self._owners, subgraph, parent.name)

        async def resolve(source: Any, info: GraphQLResolveInfo[Any]) -> Any:
            found = await self._entity(subgraph, parent.name, source["id"], selection, "", {})
            return found and found[name]

        return resolve

    def _resolver_of_field(self, parent: GraphQLObjectType, name: str, field: GraphQLField) -> Any:
        subgraph = self._owners.of(parent.name, name)
        selection = selection_of(self.schema, self._owners, subgraph, field.type)
        types = {argument: definition.type for argument, definition in field.args.items()}

        async def resolve(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
            declared = ", ".join(f"${argument}: {types[argument]}" for argument in given)
            passed = ", ".join(f"{argument}: ${argument}" for argument in given)
            asked = f"{name}{f'({passed})' if given else ''}{selection}"
            if source is None:
                return (await self._root(subgraph, info.operation.operation, declared, asked, given))[name]
            found = await self._entity(subgraph, parent.name, source["id"], f"{{ {asked} }}", declared, given)
            return found and found[name]

        return resolve

    async def _root(self, subgraph: str, kind: OperationType, declared: str, asked: str, given: dict[str, Any]) -> Any:
        document = f"{kind.value} {f'({declared})' if declared else ''} {{ {asked} }}"
        if kind is OperationType.MUTATION:
            return await self._ask(subgraph, document, given)
        return await self._once((subgraph, document, repr(given)), subgraph, document, given)

    async def _entity(
        self, subgraph: str, typename: str, of_id: str, selection: str, declared: str, given: dict[str, Any]
    ) -> Any:
        signature = f"($of: [_Any!]!{f', {declared}' if declared else ''})"
        document = f"query {signature} {{ _entities(representations: $of) {{ ... on {typename} {selection} }} }}"
        variables = {"of": [{"__typename": typename, "id": of_id}], **given}
        data = await self._once((subgraph, document, repr(variables)), subgraph, document, variables)
        return data["_entities"][0]

    async def _once(self, key: Key, subgraph: str, document: str, variables: dict[str, Any]) -> Any:
        if key not in self._known:
            self._known[key] = asyncio.ensure_future(self._ask(subgraph, document, variables))
        return await asyncio.shield(self._known[key])  # another asker may give up

    async def _ask(self, subgraph: str, document: str, variables: dict[str, Any]) -> Any:
        response = await self._subgraphs[subgraph].post(
            "/graphql", json={"query": document, "variables": variables}, headers=self._headers
        )
        answer = response.json()
        for error in answer.get("errors", ()):
            raise GraphQLError(error["message"], extensions=error["extensions"])
        return answer["data"]
