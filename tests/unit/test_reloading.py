"""What was saved, what is wrong with it, and where routers find subgraphs: the rules of a reload."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
import watchfiles

from tilt.embedded.process import REPOSITORY
from tilt.embedded.reloading import watching
from tilt.embedded.reloading.reasons import LONGEST, reason
from tilt.embedded.reloading.routed import with_addresses
from tilt.embedded.reloading.saved import CHASSIS, Saved, saved_in
from tilt.embedded.reloading.watching import Files, watch

TREE = Path("/house")
TRACEBACK = """{"level":"INFO","message":"served"}
Traceback (most recent call last):
  File "/house/tilt/embedded/prefork_server.py", line 140, in become
    runpy.run_module(message["module"])
  File "/house/subgraphs/orders/queries/carts.py", line 12, in <module>
    total = prise
  File "/house/.venv/lib/site-packages/library.py", line 3, in call
    raise NameError
NameError: name 'prise' is not defined
{"level":"INFO","message":"the version before says something"}
"""


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("subgraphs/orders/commands/pay.py", Saved(code={"orders"})),
        ("subgraphs/notifications/templates/paid.txt", Saved(code={"notifications"})),
        (
            "subgraphs/orders/infrastructure/migrations/0002_more.py",
            Saved(code={"orders"}, migrations={"orders"}),
        ),
        ("subgraphs/orders/subgraph.yaml", Saved(manifests=True)),
        ("supergraph.yaml", Saved(manifests=True)),
        ("shared/money.py", Saved(chassis=True)),
        ("shared/persistence/migrations/0002_more.py", Saved(chassis=True, migrations={CHASSIS})),
        ("schema/orders.graphql", Saved(contracts={"orders"})),
        ("schema/supergraph.graphql", Saved(composed=True)),
        ("schema/events/orders.yaml", Saved(topics=True)),
        ("schema/proto/mercato/inventory/v1/inventory_pb2.py", Saved(code={"inventory"})),
        ("subgraphs/__init__.py", Saved()),
        ("schema/operations/web/cart.graphql", Saved()),
        ("pyproject.toml", Saved()),
    ],
)
def test_a_saved_file_is_another_version_of_what_it_belongs_to(file: str, expected: Saved) -> None:
    assert saved_in([file]) == expected


@pytest.mark.parametrize(
    "file",
    [
        "subgraphs/orders/__pycache__/pay.cpython-313.pyc",
        "subgraphs/orders/.pay.py.swp",
        "subgraphs/orders/4913",
        "subgraphs/orders/pay.py~",
        "subgraphs/orders/#pay.py#",
        "subgraphs/orders/.#pay.py",
        "subgraphs/orders/README.md",
        "schema/supergraph.graphql.new",
        "schema/node_modules/package/index.json",
    ],
)
def test_what_editors_and_programs_leave_beside_a_file_is_no_save(file: str) -> None:
    assert not Files()(watchfiles.Change.modified, f"/house/{file}")


def test_the_reason_of_a_traceback_is_its_error_at_the_last_place_in_our_tree() -> None:
    assert reason(TRACEBACK, TREE) == "subgraphs/orders/queries/carts.py:12: NameError: name 'prise' is not defined"


def test_the_reason_of_code_that_is_none_is_where_it_stops_to_be_code() -> None:
    said = (
        'Traceback (most recent call last):\n  File "/house/tilt/embedded/prefork_server.py", line 140, in become\n'
        '  File "/house/subgraphs/orders/bootstrap.py", line 3\n    def build(\n             ^\n'
        "SyntaxError: '(' was never closed\n"
    )
    assert reason(said, TREE) == "subgraphs/orders/bootstrap.py:3: SyntaxError: '(' was never closed"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("setting ORDERS_PORT: must be set\n", "setting ORDERS_PORT: must be set"),
        ('{"message":"not ready: database: away"}\n', "not ready: database: away"),
        ('complaint\n{"message":"of the version before"}\n', "complaint"),
        ("", "it said nothing"),
    ],
)
def test_the_reason_of_what_is_no_traceback_is_what_was_said_last(said: str, expected: str) -> None:
    assert reason(said, TREE) == expected


def test_a_reason_is_no_longer_than_a_person_reads() -> None:
    assert len(reason("x" * 1000, TREE)) == LONGEST


def test_routers_are_told_this_meshs_addresses_and_the_composed_ones_of_others() -> None:
    supergraph = (
        'ORDERS @join__graph(name: "orders", url: "http://127.0.0.1:4103/graphql")\n'
        'REVIEWS @join__graph(name: "reviews", url: "http://127.0.0.1:4107/graphql")\n'
    )
    assert with_addresses(supergraph, {"orders": "http://127.0.0.1:5103/"}) == supergraph.replace("4103", "5103")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("type Query { a: Int }", "type Query { a: Int b: Int }", []),
        ("type Query { a: Int b: Int }", "type Query { a: Int }", ["orders"]),
        ("type Query { a(b: Int, c: Int): Int }", "type Query { a(b: Int): Int }", ["orders"]),
        ("enum A { B C } type Query { a: A }", "enum A { B } type Query { a: A }", ["orders"]),
        ("type Query { a: Int }", "extend type Query { a: Int }", []),
        ("type Query { a: Int }", '"Words." type Query { a: Int! }', []),
    ],
)
def test_who_takes_away_what_could_be_asked_for_is_named(
    tmp_path: Path, before: str, after: str, expected: list[str]
) -> None:
    script = f"""
      import {{ takesAway }} from '{REPOSITORY}/router/compose/taking-away.js';
      console.log(JSON.stringify(takesAway({json.dumps(before)}, {json.dumps(after)}) ? ['orders'] : []));
    """
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script], cwd=REPOSITORY / "router", capture_output=True, text=True
    )
    assert (json.loads(done.stdout or "null"), done.stderr) == (expected, "")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (*watching.FOLDERS, "subgraphs/orders"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    return tmp_path.resolve()


def save(file: Path) -> None:
    file.write_text("saved")


async def saves_of(saves: AsyncIterator[Saved], file: Path) -> Saved:
    """The next save, while a file is saved again and again: it is not known when watching begins."""
    coming = asyncio.ensure_future(anext(saves))
    while not coming.done():
        save(file)
        await asyncio.wait({coming}, timeout=0.3)
    return coming.result()


async def test_files_of_a_folder_that_is_new_are_saved_too(tree: Path) -> None:
    async with aclosing(watch(tree, print)) as saves:
        await saves_of(saves, tree / "subgraphs" / "orders" / "settings.py")
        staged = tree / "staged" / "migrations"
        staged.mkdir(parents=True)
        (staged / "0001_first.py").touch()
        staged.parent.rename(tree / "subgraphs" / "orders" / "infrastructure")
        while "orders" not in (saved := await anext(saves)).migrations:
            assert saved.code == {"orders"}


async def test_where_a_system_tells_of_no_changes_they_are_looked_for_and_that_is_said(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    real = watchfiles.awatch

    def full(*paths: Path, force_polling: bool | None = None, **options: object) -> object:
        if not force_polling:
            raise OSError("OS file watch limit reached")
        return real(*paths, force_polling=True, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(watching, "POLL_MS", 50)
    monkeypatch.setattr(watchfiles, "awatch", full)
    async with aclosing(watch(tree, told.append)) as saves:
        assert await saves_of(saves, tree / "schema" / "orders.graphql") == Saved(contracts={"orders"})
    assert len(told) == 1
    assert told[0].startswith("Files can't be watched (OS file watch limit reached): they are looked at once a second")
