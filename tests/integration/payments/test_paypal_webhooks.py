"""What is read from the webhooks that PayPal's double signs, and what is asked of it then."""

import asyncio
import base64
import contextlib
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio

from shared.errors import Unavailable
from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.domain.notice import BadNoticeError, Notice
from subgraphs.payments.domain.provider import DisputeOutcome
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.paypal_certificates import PayPalCertificates
from subgraphs.payments.infrastructure.paypal_lookups import PayPalLookups
from subgraphs.payments.infrastructure.paypal_provider import PayPalProvider
from subgraphs.payments.infrastructure.paypal_webhooks import PayPalWebhooks
from tests.backends import Backends
from tests.doubles.paypal.__main__ import WEBHOOK_ID
from tests.doubles.running import Double, double_of_paypal
from tests.integration.payments.paypal import (
    AMOUNT,
    CANCEL_URL,
    RETURN_URL,
    calls,
    captured,
    held,
    new_payment,
    paypal_api,
)
from tests.subgraphs import eventually
from tilt.embedded.ports import LOOPBACK

Delivery = tuple[bytes, Mapping[str, str]]


@dataclass
class Inbox:
    """A webhook that keeps what comes, as it came."""

    came: list[Delivery] = field(default_factory=list)
    url: str = ""

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["Inbox"]:
        server = await asyncio.start_server(self._serve, LOOPBACK, 0)
        self.url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}/webhooks/paypal"
        try:
            yield self
        finally:
            server.close()

    async def of(self, event_type: str, about: str) -> Delivery:
        """The event of a type that names an id."""

        async def look() -> Delivery | None:
            found = (
                each
                for each in self.came
                if orjson.loads(each[0])["event_type"] == event_type and about.encode() in each[0]
            )
            return next(found, None)

        return await eventually(look, f"{event_type} about {about}")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError), contextlib.closing(writer):
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")[1:]
                headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
                self.came.append((await reader.readexactly(int(headers["content-length"])), headers))
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                await writer.drain()


@pytest_asyncio.fixture(scope="module")
async def inbox() -> AsyncIterator[Inbox]:
    async with Inbox().listening() as inbox:
        yield inbox


@pytest_asyncio.fixture(scope="module")
async def running(backends: Backends, inbox: Inbox) -> AsyncIterator[tuple[Double, Path]]:
    double, authority_file = await double_of_paypal(backends.settings.mercato_data_dir, inbox.url)
    yield double, authority_file
    await double.stop()


@pytest_asyncio.fixture
async def double(running: tuple[Double, Path]) -> AsyncIterator[Double]:
    yield running[0]
    await running[0].reset()


@pytest_asyncio.fixture
async def paypal(double: Double) -> AsyncIterator[PayPalProvider]:
    async with PayPalProvider(paypal_api(double), RETURN_URL, CANCEL_URL) as provider:
        yield provider


@pytest_asyncio.fixture
async def reader(running: tuple[Double, Path], double: Double, paypal: PayPalProvider) -> AsyncIterator[PayPalWebhooks]:
    api = paypal_api(double)
    async with PayPalCertificates([double.url], running[1]) as certificates:
        yield PayPalWebhooks(WEBHOOK_ID, certificates, PayPalLookups(api, paypal))
    await api.close()


async def read(reader: PayPalWebhooks, inbox: Inbox, event_type: str, about: str) -> Notice:
    return await reader.read(*await inbox.of(event_type, about))


async def test_an_approval_tells_of_an_order_that_waits_for_us(
    double: Double, paypal: PayPalProvider, reader: PayPalWebhooks, inbox: Inbox
) -> None:
    payment = new_payment()
    begun = await paypal.begin(payment)
    await double.buyer_acts(begun.reference, approves=True)
    notice = await read(reader, inbox, "CHECKOUT.ORDER.APPROVED", begun.reference)
    assert notice.intent
    assert (notice.intent.reference, notice.intent.payment_id) == (begun.reference, payment.payment_id)
    assert (notice.intent.status, notice.intent.awaits_confirmation) == (PaymentStatus.PENDING, True)


async def test_every_step_of_a_payment_is_told_as_it_stands(
    double: Double, paypal: PayPalProvider, reader: PayPalWebhooks, inbox: Inbox
) -> None:
    payment, intent = await held(paypal, double)
    order = intent.reference
    created = await read(reader, inbox, "PAYMENT.AUTHORIZATION.CREATED", order)
    await paypal.capture(order, payment.payment_id)
    taken = await read(reader, inbox, "PAYMENT.CAPTURE.COMPLETED", order)
    refund = await paypal.refund(order, new_id(), Money(700, "EUR"))
    refunded = await read(reader, inbox, "PAYMENT.CAPTURE.REFUNDED", refund.reference)
    assert [each.intent and each.intent.status for each in (created, taken, refunded)] == [
        PaymentStatus.AUTHORIZED,
        PaymentStatus.CAPTURED,
        PaymentStatus.CAPTURED,
    ]
    assert refunded.intent
    assert (refunded.intent.reference, refunded.intent.refunded_minor, refunded.intent.amount) == (order, 700, AMOUNT)


async def test_a_void_is_told_and_a_late_event_tells_the_present(
    double: Double, paypal: PayPalProvider, reader: PayPalWebhooks, inbox: Inbox
) -> None:
    payment, intent = await held(paypal, double)
    await paypal.cancel(intent.reference, payment.payment_id)
    for event_type in ("PAYMENT.AUTHORIZATION.VOIDED", "PAYMENT.AUTHORIZATION.CREATED", "CHECKOUT.ORDER.APPROVED"):
        notice = await read(reader, inbox, event_type, intent.reference)
        assert notice.intent
        assert notice.intent.status is PaymentStatus.VOIDED


@pytest.mark.parametrize(("decision", "outcome"), [("won", DisputeOutcome.WON), ("lost", DisputeOutcome.LOST)])
async def test_a_dispute_is_told_from_its_opening_to_its_end(
    double: Double, paypal: PayPalProvider, reader: PayPalWebhooks, inbox: Inbox, decision: str, outcome: DisputeOutcome
) -> None:
    _, intent = await captured(paypal, double)
    reference = await double.dispute(intent.reference, amount=990)
    opened = await read(reader, inbox, "CUSTOMER.DISPUTE.CREATED", reference)
    assert opened.dispute
    assert (opened.dispute.reference, opened.dispute.intent_reference) == (reference, intent.reference)
    assert (opened.dispute.outcome, opened.dispute.amount) == (DisputeOutcome.OPENED, Money(990, "EUR"))
    assert (opened.dispute.fee_minor, opened.dispute.reason) == (1600, "UNAUTHORISED")
    await double.decide(reference, decision)
    closed = await read(reader, inbox, "CUSTOMER.DISPUTE.RESOLVED", reference)
    assert closed.dispute
    assert closed.dispute.outcome is outcome


async def test_a_refund_that_fails_tells_which_order_to_ask_about(
    double: Double, paypal: PayPalProvider, reader: PayPalWebhooks, inbox: Inbox
) -> None:
    _, intent = await captured(paypal, double)
    refund = await paypal.refund(intent.reference, new_id(), Money(700, "EUR"))
    await double.fail_refund(refund.reference)
    notice = await read(reader, inbox, "PAYMENT.REFUND.FAILED", refund.reference)
    assert (notice.intent, notice.dispute, notice.failed_refund_of) == (None, None, intent.reference)


async def test_the_certificate_is_fetched_once_for_many_events(
    double: Double, paypal: PayPalProvider, reader: PayPalWebhooks, inbox: Inbox
) -> None:
    _, intent = await captured(paypal, double)
    deliveries = [
        await inbox.of(event_type, intent.reference)
        for event_type in ("CHECKOUT.ORDER.APPROVED", "PAYMENT.AUTHORIZATION.CREATED", "PAYMENT.CAPTURE.COMPLETED")
    ]
    await asyncio.gather(*(reader.read(*each) for each in deliveries * 5))
    assert len(await calls(double, "/v1/notifications/certs/CERT-of-the-double")) == 1


async def test_a_body_made_to_have_the_same_checksum_only_has_us_look_how_things_stand(
    double: Double, paypal: PayPalProvider, reader: PayPalWebhooks, inbox: Inbox
) -> None:
    begun = await paypal.begin(new_payment())
    others = await paypal.begin(new_payment())
    await double.buyer_acts(others.reference, approves=True)
    body, headers = await inbox.of("CHECKOUT.ORDER.APPROVED", others.reference)
    forged = with_checksum(body.replace(others.reference.encode(), begun.reference.encode()), zlib.crc32(body))
    notice = await reader.read(forged, headers)
    assert notice.intent
    assert (notice.intent.reference, notice.intent.status) == (begun.reference, PaymentStatus.REQUIRES_ACTION)


async def test_an_event_is_not_believed_by_another_certificate(
    double: Double, paypal: PayPalProvider, reader: PayPalWebhooks, inbox: Inbox
) -> None:
    _, intent = await held(paypal, double)
    body, headers = await inbox.of("PAYMENT.AUTHORIZATION.CREATED", intent.reference)
    for address in (
        "https://api.paypal.com/v1/notifications/certs/CERT-1",
        f"{double.url}/v1/notifications/certs/CERT-other",
    ):
        with pytest.raises(BadNoticeError):
            await reader.read(body, {**headers, "paypal-cert-url": address})
    with pytest.raises(BadNoticeError, match="does not match"):
        await reader.read(body, {**headers, "paypal-transmission-sig": base64.b64encode(b"x" * 256).decode()})


async def test_what_can_not_be_looked_up_now_is_sent_again(
    double: Double, paypal: PayPalProvider, reader: PayPalWebhooks, inbox: Inbox
) -> None:
    _, intent = await captured(paypal, double)
    delivery = await inbox.of("PAYMENT.CAPTURE.COMPLETED", intent.reference)
    await double.on_requests("fail", "/v2/checkout/orders/*", method="GET", status=503)
    with pytest.raises(Unavailable):
        await reader.read(*delivery)
    assert (await reader.read(*delivery)).intent


async def test_an_event_about_what_paypal_does_not_know_tells_nothing(
    double: Double, paypal: PayPalProvider, reader: PayPalWebhooks, inbox: Inbox
) -> None:
    _, intent = await captured(paypal, double)
    body, headers = await inbox.of("PAYMENT.CAPTURE.COMPLETED", intent.reference)
    for changes in (
        {"event_type": "CUSTOMER.DISPUTE.CREATED", "resource": {"dispute_id": "PP-D-1"}},
        {"event_type": "PAYMENT.CAPTURE.REFUNDED", "resource": {"id": "1JU"}},
        {"event_type": "PAYMENT.CAPTURE.REVERSED", "resource": up_to("NOBODYS")},
    ):
        changed = orjson.dumps({**orjson.loads(body), **changes})
        notice = await reader.read(with_checksum(changed, zlib.crc32(body)), headers)
        assert (notice.intent, notice.dispute) == (None, None)


def up_to(capture: str) -> dict[str, Any]:
    return {"id": "1JU", "links": [{"rel": "up", "href": f"https://api.paypal.com/v2/payments/captures/{capture}"}]}


def with_checksum(body: bytes, wanted: int) -> bytes:
    """The same JSON with four bytes of padding in it that give it another CRC-32: anybody can do this."""
    table = [_entry(index) for index in range(256)]
    name, tail = b'{"pad":"', b'",' + body[1:]
    for salt in range(1_000_000):
        head = name + str(salt).encode()
        register = _before(tail, wanted, table)
        padding = _bridge(zlib.crc32(head) ^ 0xFFFFFFFF, register, table)
        if all(32 <= each < 127 and each not in b'"\\' for each in padding):
            return head + padding + tail
    raise AssertionError("no padding was found")


def _entry(index: int) -> int:
    for _ in range(8):
        index = (index >> 1) ^ (0xEDB88320 if index & 1 else 0)
    return index


def _before(tail: bytes, wanted: int, table: list[int]) -> int:
    """The register before the tail, for the checksum to come out as wanted."""
    tops = {entry >> 24: index for index, entry in enumerate(table)}
    register = wanted ^ 0xFFFFFFFF
    for byte in reversed(tail):
        index = tops[register >> 24]
        register = ((register ^ table[index]) << 8 & 0xFFFFFFFF) | (index ^ byte)
    return register


def _bridge(start: int, end: int, table: list[int]) -> bytes:
    """The four bytes that lead from one register to another."""
    tops = {entry >> 24: index for index, entry in enumerate(table)}
    indices: list[int] = []
    for _ in range(4):
        indices.insert(0, tops[end >> 24])
        end = (end ^ table[indices[0]]) << 8 & 0xFFFFFFFF
    found = bytearray()
    for index in indices:
        found.append((start ^ index) & 0xFF)
        start = (start >> 8) ^ table[index]
    return bytes(found)
