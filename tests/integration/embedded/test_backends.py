"""Each embedded backend is the real server, reached through its own protocol."""

import asyncio
import contextlib
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import asyncpg
import httpx
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from redis.asyncio import Redis

from tests.backends import Backends
from tests.databases import Databases
from tilt.embedded.backends import Kafka, Localstripe, Mailbox, Postgres, Valkey
from tilt.embedded.ports import free_port, free_ports
from tilt.embedded.subgraphs import SUBGRAPHS
from tilt.embedded.topics import all_topics

KEY = ("sk_test_12345", "")


async def test_a_role_owns_its_database_and_opens_no_other(backends: Backends, postgres: Postgres) -> None:
    passwords = backends.credentials.database_passwords
    for role in SUBGRAPHS:
        for database in (*SUBGRAPHS, "postgres", "template1"):
            url = postgres.url(role, passwords[role], database)
            if role == database:
                connection = await asyncpg.connect(url)
                await connection.execute("CREATE TABLE IF NOT EXISTS own (id int)")
                await connection.close()
            else:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await asyncpg.connect(url)


async def test_a_role_needs_its_password(postgres: Postgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.url("orders", "wrong", "orders"))


async def test_a_fresh_database_is_a_copy_of_the_template(backends: Backends, postgres: Postgres) -> None:
    async def migrate(url: str) -> None:
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE migrated (id int); INSERT INTO migrated VALUES (42)")
        await connection.close()

    databases = Databases(postgres, backends.credentials.database_passwords)  # its templates are this test's alone
    await databases.make_template("notifications", migrate)
    first, second = [await databases.create("notifications") for _ in range(2)]
    assert first != second
    connection = await asyncpg.connect(first)
    assert await connection.fetchval("DELETE FROM migrated RETURNING id") == 42
    await connection.close()
    connection = await asyncpg.connect(second)
    assert await connection.fetchval("SELECT id FROM migrated") == 42
    await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMPORARY TABLE accounts (email text UNIQUE); INSERT INTO accounts VALUES ('planted'), ('planted')",
        "SELECT 'planted'::uuid",
        "SELECT 'planted' FROM nowhere",
        "DO $$ BEGIN RAISE WARNING 'planted'; END $$",
    ],
)
async def test_the_log_of_postgres_holds_no_value_of_a_statement_that_went_wrong(
    postgres: Postgres, statement: str
) -> None:
    connection = await asyncpg.connect(postgres.url())
    with contextlib.suppress(asyncpg.PostgresError):
        await connection.execute(statement)
    await connection.close()
    assert "planted" not in postgres.process.last_lines(count=1_000)


async def test_the_mesh_keeps_postgres_durable(tmp_path: Path) -> None:
    postgres = Postgres(free_port(), tmp_path / "postgres", tmp_path / "postgres.log")
    await postgres.start()
    try:
        await postgres.wait_healthy()
        connection = await asyncpg.connect(postgres.url())
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert await connection.fetchval(f"SHOW {setting}") == "on"
        await connection.close()
    finally:
        await postgres.stop()


async def test_kafka_has_the_topics_and_keeps_messages(kafka: Kafka) -> None:
    topics = all_topics()
    assert {"orders.order.v1", "orders.dead-letters.v1"} <= topics
    consumer = AIOKafkaConsumer(
        "orders.dead-letters.v1", bootstrap_servers=kafka.bootstrap_servers, auto_offset_reset="earliest"
    )
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, enable_idempotence=True) as producer:
        await producer.send_and_wait("orders.dead-letters.v1", b"letter", key=b"1")
    async with consumer:
        assert topics <= await consumer.topics()
        assert len(consumer.partitions_for_topic("orders.dead-letters.v1") or ()) == 6
        message = await asyncio.wait_for(consumer.getone(), 30)
    assert message.value == b"letter"


async def test_valkey_keeps_its_data_over_a_restart(tmp_path: Path) -> None:
    valkey = Valkey(free_port(), tmp_path / "valkey", tmp_path / "valkey.log")
    for expected in (None, b"1"):
        await valkey.start()
        await valkey.wait_healthy()
        async with Redis.from_url(valkey.url) as client:
            assert await client.get("key") == expected
            await client.set("key", "1")
        await valkey.stop()


async def test_localstripe_keeps_its_objects_over_a_restart(tmp_path: Path) -> None:
    localstripe = Localstripe(free_port(), tmp_path / "localstripe", tmp_path / "localstripe.log")
    await localstripe.start()
    await localstripe.wait_healthy()
    async with httpx.AsyncClient(auth=KEY, base_url=localstripe.url) as client:
        created = (await client.post("/v1/customers", data={"email": "ada@example.com"})).json()
        await localstripe.stop()
        await localstripe.start()
        await localstripe.wait_healthy()
        assert (await client.get(f"/v1/customers/{created['id']}")).json()["email"] == "ada@example.com"
    await localstripe.stop()


async def test_localstripe_keeps_its_idempotency_keys_over_a_restart(tmp_path: Path) -> None:
    """A payment whose answer was lost with the server is asked for again, and must not be a second one."""
    localstripe = Localstripe(free_port(), tmp_path / "localstripe", tmp_path / "localstripe.log")
    made: list[str] = []
    for _ in range(2):
        await localstripe.start()
        await localstripe.wait_healthy()
        async with httpx.AsyncClient(auth=KEY, base_url=localstripe.url, headers={"idempotency-key": "one"}) as client:
            made.append((await client.post("/v1/customers", data={"email": "ada@example.com"})).json()["id"])
        await localstripe.stop()
    assert made[0] == made[1]


async def test_localstripe_is_reached_by_nobody_else(localstripe: Localstripe) -> None:
    addresses = {each.laddr for each in psutil.Process(localstripe.process.pid).net_connections()}
    assert {address.ip for address in addresses if address} == {"127.0.0.1"}


async def test_mail_can_be_read_and_survives_a_restart(tmp_path: Path) -> None:
    smtp_port, http_port = free_ports(2)
    mailbox = Mailbox(smtp_port, http_port, tmp_path / "mail", tmp_path / "mailbox.log")
    await mailbox.start()
    await mailbox.wait_healthy()
    await send(mailbox, to="ada@example.com", subject="Your order <1>")
    await send(mailbox, to="grace@example.com", subject="Other")
    await mailbox.stop()
    await mailbox.start()
    await mailbox.wait_healthy()
    async with httpx.AsyncClient(base_url=mailbox.url) as client:
        messages = (await client.get("/messages", params={"to": "Ada@example.com"})).json()
        assert [(each["subject"], each["to"]) for each in messages] == [("Your order <1>", ["ada@example.com"])]
        mail = (await client.get(f"/messages/{messages[0]['id']}")).json()
        assert (mail["text"].strip(), mail["html"].strip()) == ("Thank you.", "<p>Thank you.</p>")
        assert "Your order &lt;1&gt;" in (await client.get("/")).text
        assert "Thank you." in (await client.get(f"/read/{messages[0]['id']}")).text
        assert "sandbox" in (await client.get(f"/read/{messages[0]['id']}/html")).headers["content-security-policy"]
        assert (await client.delete("/messages")).status_code == 204
        assert (await client.get("/messages")).json() == []
        assert (await client.get("/messages/unknown")).status_code == 404
    await mailbox.stop()


async def send(mailbox: Mailbox, to: str, subject: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@example.com", to, subject
    message.set_content("Thank you.")
    message.add_alternative("<p>Thank you.</p>", subtype="html")
    await aiosmtplib.send(message, hostname="127.0.0.1", port=mailbox.smtp_port)


async def test_the_environment_names_what_runs(backends: Backends) -> None:
    environment = await backends.environment("postgres", "valkey", subgraphs=("orders",))
    connection = await asyncpg.connect(environment["ORDERS_DATABASE_URL"])
    assert await connection.fetchval("SELECT current_user") == "orders"
    await connection.close()
    async with Redis.from_url(environment["REDIS_URL"]) as client:
        assert await client.ping()
