"""What was stored by an older version lives on."""

import asyncpg

from shared.ids import new_id
from shared.persistence import db
from shared.persistence.migration import migrate, tortoise_config
from subgraphs.users.infrastructure.accounts import PostgresAccounts
from subgraphs.users.queries.users import users_by_id
from tests.backends import Backends
from tests.subgraphs import built, fresh_environment

_USER = """
INSERT INTO users (id, email, comparable_email, name, password_hash)
VALUES ($1, 'Ada@XN--BCHER-KVA.de', 'ada@xn--bcher-kva.de', 'Ada', 'hash')
"""
_ADDRESS = """
INSERT INTO addresses (id, user_id, recipient, line1, city, country, is_default)
VALUES ($1, $2, 'Ada', '1 Way', 'London', 'GB', true)
"""


async def test_accounts_and_addresses_of_before_are_found(backends: Backends) -> None:
    environment = await fresh_environment(backends, "users")
    subgraph = built("users", environment)
    await migrate(subgraph, "users.0002_indexes")
    database = await asyncpg.connect(environment["USERS_DATABASE_URL"])
    user_id = new_id()
    try:
        await database.execute(_USER, user_id)
        await database.execute(_ADDRESS, new_id(), user_id)
        await migrate(subgraph)
    finally:
        await database.close()
    async with db.connected(tortoise_config(subgraph)):
        (address,) = (await users_by_id([user_id]))[user_id].addresses
        assert (address.postal_code, address.country_area, address.company) == (None, None, None)
        found = await PostgresAccounts().by_email("ada@Bücher.de")
        assert found is not None
        assert found.user_id == user_id
