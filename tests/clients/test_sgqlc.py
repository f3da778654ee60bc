"""sgqlc, the client in Python: its code is written from introspection, then it asks."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sgqlc.operation import Operation

from tests.clients.connect.sgqlc_shop import connect_sgqlc
from tests.e2e.mesh import SESSION_MESH
from tests.e2e.shopper import Shopper, register
from tests.integration.router.processes import Router
from tests.subgraphs import NO_SUCH_ID

pytestmark = SESSION_MESH


@pytest.fixture(scope="package")
def shop(address: str, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The module that sgqlc writes for the router's schema."""
    folder = tmp_path_factory.mktemp("sgqlc")
    schema, code = folder / "shop.json", folder / "shop.py"
    subprocess.run([sys.executable, "-m", "sgqlc.introspection", address, str(schema)], check=True)
    subprocess.run([sys.executable, "-m", "sgqlc.codegen", "schema", str(schema), str(code)], check=True)
    return imported(code)


@pytest.fixture(scope="package")
async def buyer(router: Router) -> Shopper:
    return await register(router)


def imported(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("shop", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page(shop: ModuleType, after: str | None = None) -> Any:
    """The operation of a page of the catalogue."""
    operation = Operation(shop.Query)
    products = operation.products(first=5, after=after, sort="TITLE")
    products.nodes.__fields__("id", "title")
    products.page_info.__fields__("has_next_page", "end_cursor")
    return operation


def test_a_query_is_answered_with_objects_of_the_schema(shop: ModuleType, address: str) -> None:
    operation = Operation(shop.Query)
    operation.products(first=3).nodes.default_variant.price.__fields__("amount", "currency")
    answer = operation + connect_sgqlc(address)(operation)
    assert [str(node.default_variant.price.currency) for node in answer.products.nodes] == ["EUR"] * 3


def test_pages_are_joined_into_one_connection(shop: ModuleType, address: str) -> None:
    endpoint = connect_sgqlc(address)
    first = page(shop)
    products = (first + endpoint(first)).products
    second = page(shop, after=products.page_info.end_cursor)
    products += (second + endpoint(second)).products
    titles = [node.title for node in products.nodes]
    assert len(set(titles)) == 10
    assert titles == sorted(titles)


def test_variables_are_taken(shop: ModuleType, address: str) -> None:
    query = "query ($first: Int!) { products(first: $first) { nodes { id } } }"
    assert len(connect_sgqlc(address)(query, {"first": 2})["data"]["products"]["nodes"]) == 2


def test_what_the_caller_of_a_mutation_can_mend_is_in_its_payload(shop: ModuleType, address: str) -> None:
    operation = Operation(shop.Mutation)
    added = operation.cart_add_lines(
        input={"cart_id": NO_SUCH_ID, "lines": [{"variant_id": NO_SUCH_ID, "quantity": 1}]}
    )
    added.errors.__fields__("code", "field")
    answer = operation + connect_sgqlc(address)(operation)
    assert [str(error.code) for error in answer.cart_add_lines.errors] == ["CART_NOT_FOUND"]


def test_a_token_is_taken(shop: ModuleType, address: str, buyer: Shopper) -> None:
    operation = Operation(shop.Query)
    operation.me.__fields__("email")
    assert (operation + connect_sgqlc(address, buyer.token)(operation)).me.email == buyer.email


def test_without_a_token_the_rest_of_the_answer_stands_beside_an_error(address: str) -> None:
    answer = connect_sgqlc(address)("{ me { id } categories { id } }")
    assert answer["data"]["me"] is None
    assert answer["data"]["categories"]
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [(["me"], "UNAUTHENTICATED")]


def test_a_bad_token_is_an_error_with_status_and_code(address: str) -> None:
    answer = connect_sgqlc(address, "not.a.token")("{ me { id } }")
    assert answer["status"] == 401
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]


def test_queries_can_be_asked_by_get(address: str) -> None:
    endpoint = connect_sgqlc(address)
    endpoint.method = "GET"
    answer = endpoint("query ($first: Int!) { products(first: $first) { nodes { id } } }", {"first": 2})
    assert len(answer["data"]["products"]["nodes"]) == 2
