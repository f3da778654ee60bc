"""All of Federation through real composition and each router: three subgraphs on the chassis that use it.

What the chassis does of it by itself is in ``tests/unit/shared/test_federation.py``.
"""

import asyncio
import contextlib
import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from shared.runtime.app import serving_app
from shared.runtime.listening import listening
from shared.security.auth import TokenVerifier
from shared.security.secrets import Secret
from tests.federated.subgraphs import NAMES, schema
from tests.identity import Issuer
from tests.integration.router.processes import ROUTER, SECRET, Kind, Router, router_environment
from tests.integration.router.processes import router as running_router
from tilt.embedded.ports import free_port

FEDERATED = Path(__file__).parents[2] / "federated"
TOMBS = "00000000-0000-0000-0000-000000000001"


def composed(folder: Path, ports: dict[str, int]) -> Path:
    """The supergraph of the three, as ``make compose`` makes one."""
    subgraphs = {
        name: {
            "routing_url": f"http://127.0.0.1:{port}/graphql",
            "schema": {"file": str(FEDERATED / f"{name}.graphql")},
        }
        for name, port in ports.items()
    }
    configuration, supergraph = folder / "supergraph.yaml", folder / "supergraph.graphql"
    configuration.write_text(json.dumps({"subgraphs": subgraphs}))  # which is YAML too
    command = ["npm", "run", "--silent", "compose", "--", "--config", str(configuration), "--out", str(supergraph)]
    outcome = subprocess.run(command, cwd=ROUTER, capture_output=True, text=True, timeout=60, check=False)
    assert outcome.returncode == 0, outcome.stderr
    return supergraph


@pytest.fixture(scope="module")
async def subgraphs(issuer: Issuer) -> AsyncIterator[dict[str, int]]:
    """The ports of the three, which are served by this process."""
    ports = {name: free_port() for name in NAMES}
    async with contextlib.AsyncExitStack() as stack:
        for name, port in ports.items():
            verifier = TokenVerifier(issuer.jwks_url, "mercato", "mercato")
            app = serving_app(schema(name), verifier, Secret(SECRET), None, ())
            await stack.enter_async_context(listening(app, "127.0.0.1", port, asyncio.Event()))
        yield ports


@pytest.fixture(scope="module")
async def library(
    kind: Kind, subgraphs: dict[str, int], issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Router]:
    """A router in front of them."""
    supergraph = composed(tmp_path_factory.mktemp("federated"), subgraphs)
    environment = {**router_environment(issuer.jwks_url, {}), "SUPERGRAPH_FILE": str(supergraph)}
    async with running_router(kind, environment) as running:
        yield running


async def data(library: Router, query: str, token: str | None = None, **variables: Any) -> Any:
    answer = await library.ask(query, token, **variables)
    assert "errors" not in answer, answer
    return answer["data"]


async def test_required_fields_travel_nested_to_the_subgraph_that_computes_of_them(library: Router) -> None:
    query = '{ author(email: "ursula@example.org") { pagesPerYear } }'
    assert await data(library, query) == {"author": {"pagesPerYear": 200}}  # 9,000 pages in 45 years


async def test_a_provided_field_is_answered_without_asking_its_owner(library: Router) -> None:
    query = "query ($id: ID!) { book(id: $id) { author { pages } } }"
    assert await data(library, query, id=TOMBS) == {"book": {"author": {"pages": 12}}}  # people would say 9,000


async def test_an_overridden_field_comes_from_its_new_subgraph_alone(library: Router) -> None:
    query = '{ author(email: "ursula@example.org") { name pages } }'
    assert await data(library, query) == {"author": {"name": "Ursula", "pages": 9000}}  # people says U. K.


async def test_about_half_of_the_requests_see_a_field_that_has_moved_by_half(library: Router) -> None:
    query = '{ dossier(number: "7") { shelf outcome } }'
    answers = [(await data(library, query))["dossier"] for _ in range(60)]
    assert {answer["outcome"] for answer in answers} == {"closed"}
    assert {answer["shelf"] for answer in answers} == {"in books", "in the depot"}


async def test_an_interface_object_adds_its_field_to_every_type_of_the_interface(library: Router) -> None:
    answer = await data(library, "{ works { __typename title copies } }")
    assert [(work["__typename"], work["copies"]) for work in answer["works"]] == [("Book", 1), ("Book", 2), ("Map", 3)]


async def test_the_type_of_what_an_interface_object_answers_is_asked_for_by_the_interfaces_key(library: Router) -> None:
    answer = await data(library, "{ rarest { __typename title copies ... on Map { scale } } }")
    assert answer == {"rarest": {"__typename": "Map", "title": "Karego-At", "copies": 3, "scale": 5000}}


async def test_what_is_inaccessible_is_no_field_for_clients(library: Router) -> None:
    assert await data(library, "{ works { ... on Book { size { weightGrams } } } }")
    answer = await library.ask("{ works { ... on Book { size { unit } } } }")
    assert "data" not in answer
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}


async def test_a_policy_is_decided_by_its_subgraph(library: Router, issuer: Issuer) -> None:
    query = "query ($id: ID!) { book(id: $id) { margin } }"
    for scope in ("bookseller", "accountant auditor"):
        assert await data(library, query, issuer.token(scope=scope), id=TOMBS) == {"book": {"margin": 3}}
    answer = await library.ask(query, issuer.token(scope="accountant"), id=TOMBS)
    assert answer["data"] == {"book": {"margin": None}}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]


async def test_scopes_are_asked_for_as_the_contract_combines_them(library: Router, issuer: Issuer) -> None:
    query = "query ($id: ID!) { book(id: $id) { cost } }"
    for scope in ("books:read costs:read", "admin"):
        assert await data(library, query, issuer.token(scope=scope), id=TOMBS) == {"book": {"cost": 5}}
    assert (await library.ask(query, issuer.token(scope="books:read"), id=TOMBS))["data"] == {"book": {"cost": None}}


async def test_a_field_of_a_guarded_scalar_is_for_callers_who_are_logged_in(library: Router, issuer: Issuer) -> None:
    query = "query ($id: ID!) { book(id: $id) { lender } }"
    assert await data(library, query, issuer.token(), id=TOMBS) == {"book": {"lender": "the town"}}
    assert (await library.ask(query, id=TOMBS))["data"] == {"book": {"lender": None}}


async def test_a_key_of_keys_is_found_by_a_nested_field(library: Router) -> None:
    answer = await data(library, '{ dossier(number: "7") { archive { number } outcome } }')
    assert answer == {"dossier": {"archive": {"number": "7"}, "outcome": "closed"}}
