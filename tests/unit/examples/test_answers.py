"""What examples answer: valid, the same each time, and one object everywhere it is reached."""

import re
import tempfile
from pathlib import Path

import pytest
from graphql import GraphQLError

from tests.unit.examples.asking import CALLER, ask, execute
from tilt.examples.contract import contract_of, read_contract
from tilt.examples.pins import Pins, read_pins

SHOP = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
type Query {
  things("How many, 1 to 10." first: Int, after: String, last: Int, before: String): ThingConnection!
  thing(id: ID, slug: String): Thing
  place(code: Code!): Place
  found: [Found!]!
  me: Person
}
scalar Code
type Thing @key(fields: "id") @key(fields: "sku maker { id }") {
  id: ID!
  slug: String!
  sku: String!
  maker: Maker!
  weight: Int @external
  shipping: Int @requires(fields: "weight")
  kind: Kind!
  old: String! @deprecated(reason: "2027-01-01")
  hidden: String! @inaccessible
}
type Maker @key(fields: "id") { id: ID! name: String! }
type Person @key(fields: "id") { id: ID! email: String! }
type Place @key(fields: "code") { code: Code! city: String! best: Thing! }
interface Found { id: ID! }
type Shop implements Found { id: ID! name: String! }
type Market implements Found { id: ID! name: String! }
enum Kind { BIG SMALL SECRET @inaccessible }
type ThingConnection { edges: [ThingEdge!]! nodes: [Thing!]! pageInfo: PageInfo! totalCount: Int! }
type ThingEdge { cursor: String! node: Thing! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type Mutation { thingRename(input: RenameInput!): RenamePayload! thingDelete(input: DeleteInput!): DeletePayload! }
input RenameInput { thingId: ID! slug: String! }
input DeleteInput { id: ID! }
type RenamePayload { thing: Thing errors: [Mistake!]! }
type DeletePayload { deletedId: ID errors: [Mistake!]! }
type Mistake { message: String! }
"""
ALL = "id slug sku maker { id name } kind old hidden"
ENTITIES = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on Thing { %s } ... on Place { code } } }"


def test_the_same_question_has_the_same_answer() -> None:
    query = f"{{ things(first: 5) {{ nodes {{ {ALL} }} }} found {{ __typename id }} }}"
    assert ask(SHOP, query) == ask(SHOP, query)


def test_an_object_is_the_same_wherever_it_is_reached() -> None:
    listed = ask(SHOP, f"{{ things(first: 3) {{ nodes {{ {ALL} }} }} }}")["things"]["nodes"]
    by_id = [ask(SHOP, f"query ($id: ID) {{ thing(id: $id) {{ {ALL} }} }}", id=each["id"])["thing"] for each in listed]
    representations = [{"__typename": "Thing", "id": each["id"]} for each in listed]
    by_slug = ask(SHOP, f"query ($s: String) {{ thing(slug: $s) {{ {ALL} }} }}", s=listed[1]["slug"])["thing"]
    assert ask(SHOP, ENTITIES % ALL, of=representations)["_entities"] == by_id == listed
    assert by_slug == listed[1]


def test_what_is_looked_up_by_nothing_that_there_is_is_null() -> None:
    assert ask(SHOP, '{ thing(slug: "none") { id } }') == {"thing": None}


def test_an_entity_gives_back_the_key_that_it_was_asked_by_whichever_it_is() -> None:
    asked = [
        {"__typename": "Thing", "sku": "A-1", "maker": {"id": "m1"}},
        {"__typename": "Place", "code": "HAM"},
    ]
    first, second = ask(SHOP, ENTITIES % "sku maker { id }", of=asked)["_entities"]
    assert first == {"sku": "A-1", "maker": {"id": "m1"}}
    assert second == {"code": "HAM"}


def test_what_a_representation_brings_for_requires_is_echoed() -> None:
    asked = [{"__typename": "Thing", "id": "t1", "weight": 380}]
    assert ask(SHOP, ENTITIES % "weight shipping", of=asked)["_entities"][0]["weight"] == 380


@pytest.mark.parametrize(
    "representation",
    [
        {"__typename": "Nobody"},
        {"__typename": "Thing", "slug": "x"},
        {"__typename": "Thing", "sku": "x", "maker": "y"},
        {},
        7,
    ],
)
def test_a_representation_without_a_key_is_refused(representation: object) -> None:
    result = execute(contract_of("shop", SHOP), ENTITIES % "id", of=[representation])
    assert result.errors is not None


def test_pages_lead_through_the_whole_list_and_end() -> None:
    query = """query ($after: String) { things(first: 10, after: $after) {
      totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } }"""
    seen: list[str] = []
    after, has_next = None, True
    while has_next:
        page = ask(SHOP, query, after=after)["things"]
        assert page["pageInfo"]["hasPreviousPage"] == bool(seen)
        seen += [node["id"] for node in page["nodes"]]
        after, has_next = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(set(seen)) == len(seen) == page["totalCount"] <= 36


def test_pages_lead_backwards_too() -> None:
    every = ask(SHOP, "{ things(first: 10) { edges { cursor node { id } } } }")["things"]["edges"]
    query = "query ($before: String) { things(last: 3, before: $before) { nodes { id } pageInfo { hasNextPage } } }"
    page = ask(SHOP, query, before=every[5]["cursor"])["things"]
    assert page["nodes"] == [edge["node"] for edge in every[2:5]]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("first: 11", "first is 11; it must be 1 to 10."),
        ("first: 0", "first is 0; it must be 1 to 10."),
        ('first: 1, after: "x"', "after is no cursor of this list"),
    ],
)
def test_pages_that_a_real_one_refuses_are_refused(arguments: str, complaint: str) -> None:
    result = execute(contract_of("shop", SHOP), f"{{ things({arguments}) {{ nodes {{ id }} }} }}")
    assert [error.message.startswith(complaint) for error in result.errors or ()] == [True]
    assert all(isinstance(error, GraphQLError) for error in result.errors or ())


def test_cursors_are_of_their_list_alone() -> None:
    users = read_contract("products")
    cursor = ask(users, "{ products(first: 1) { pageInfo { endCursor } } }")["products"]["pageInfo"]["endCursor"]
    query = "query ($after: String) { products(first: 1, after: $after, sort: TITLE) { nodes { id } } }"
    assert execute(users, query, after=cursor).errors is not None


def test_a_mutation_answers_the_object_of_its_input_and_no_mistakes() -> None:
    renamed = ask(
        SHOP, 'mutation { thingRename(input: { thingId: "t1", slug: "new" }) { thing { id slug } errors { message } } }'
    )
    assert renamed == {"thingRename": {"thing": {"id": "t1", "slug": "new"}, "errors": []}}
    deleted = ask(SHOP, 'mutation { thingDelete(input: { id: "t1" }) { deletedId errors { message } } }')
    assert deleted == {"thingDelete": {"deletedId": "t1", "errors": []}}


def test_me_is_the_caller() -> None:
    assert ask(SHOP, "{ me { id } }") == {"me": {"id": str(CALLER)}}


def test_members_that_clients_may_not_see_are_not_answered() -> None:
    kinds = {each["kind"] for each in ask(SHOP, "{ things(first: 10) { nodes { kind } } }")["things"]["nodes"]}
    assert kinds == {"BIG", "SMALL"}


def test_an_address_looks_like_one() -> None:
    me = ask(read_contract("users"), "{ me { email name createdAt addresses { country city } } }")["me"]
    assert re.fullmatch(r"[a-z.]+[a-z0-9.]+@example\.com", me["email"])
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", me["createdAt"])
    assert {len(address["country"]) for address in me["addresses"]} == {2}


def test_the_contract_is_told_as_it_was_written() -> None:
    contract = read_contract("notifications")
    assert ask(contract, "{ _service { sdl } }") == {"_service": {"sdl": contract.sdl}}


def test_pins_win_over_examples_and_of_one_object_over_all() -> None:
    pins = _pins(
        """
pins:
  Thing: { kind: BIG, slug: any }
  Thing t1: { slug: first }
  Query:
    'thing(slug: "first")': t1
    things: [t1, t2, t3]
    found: [{ __typename: Market, id: m1 }]
"""
    )
    query = """{ thing(slug: "first") { id slug kind }
      things(first: 2) { totalCount nodes { id slug } } found { __typename id } }"""
    assert ask(SHOP, query, pins) == {
        "thing": {"id": "t1", "slug": "first", "kind": "BIG"},
        "things": {"totalCount": 3, "nodes": [{"id": "t1", "slug": "first"}, {"id": "t2", "slug": "any"}]},
        "found": [{"__typename": "Market", "id": "m1"}],
    }


def test_objects_that_pins_name_are_in_lists_first() -> None:
    pins = _pins("pins:\n  Thing t9: { slug: mine }\n")
    assert ask(SHOP, "{ things(first: 1) { nodes { id slug } } }", pins)["things"]["nodes"] == [
        {"id": "t9", "slug": "mine"}
    ]


def _pins(text: str) -> Pins:
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        return read_pins([Path(file.name)])
