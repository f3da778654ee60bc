"""PayPal for tests: its double, and what our adapter is made of."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from shared.ids import new_id
from shared.money import Money
from shared.security.secrets import Secret
from subgraphs.payments.domain.provider import Intent, NewPayment
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.paypal_api import TIMEOUT_SECONDS, PayPalApi
from subgraphs.payments.infrastructure.paypal_provider import METHOD, PayPalProvider
from tests.doubles.paypal.__main__ import CLIENT_ID, CLIENT_SECRET, WEBHOOK_ID
from tests.doubles.running import Double
from tilt.embedded.ports import LOOPBACK

RETURN_URL = "https://shop.example/orders/{order_id}/paid"
CANCEL_URL = "https://shop.example/orders/{order_id}/cart"
AMOUNT = Money(1990, "EUR")


def paypal_api(double: Double, secret: str = CLIENT_SECRET, timeout_seconds: float = TIMEOUT_SECONDS) -> PayPalApi:
    return PayPalApi(double.url, CLIENT_ID, Secret(secret), timeout_seconds)


def paypal_provider(double: Double) -> PayPalProvider:
    return PayPalProvider(paypal_api(double), RETURN_URL, CANCEL_URL)


def paypal_environment(double: Double, authority_file: Path) -> dict[str, str]:
    """What payments is told to use the double as PayPal."""
    return {
        "PAYPAL_CLIENT_ID": CLIENT_ID,
        "PAYPAL_CLIENT_SECRET": CLIENT_SECRET,
        "PAYPAL_API_BASE": double.url,
        "PAYPAL_WEBHOOK_ID": WEBHOOK_ID,
        "PAYPAL_RETURN_URL": RETURN_URL,
        "PAYPAL_CANCEL_URL": CANCEL_URL,
        "PAYPAL_CERTIFICATE_ORIGIN": double.url,
        "PAYPAL_CERTIFICATE_AUTHORITIES": str(authority_file),
    }


def new_payment(amount: Money = AMOUNT) -> NewPayment:
    return NewPayment(payment_id=new_id(), order_id=new_id(), amount=amount, method=METHOD)


async def held(provider: PayPalProvider, double: Double, amount: Money = AMOUNT) -> tuple[NewPayment, Intent]:
    """A payment whose amount is held."""
    payment = new_payment(amount)
    begun = await provider.begin(payment)
    await double.buyer_acts(begun.reference, approves=True)
    intent = await provider.confirm(begun.reference, payment.payment_id)
    assert intent.status is PaymentStatus.AUTHORIZED
    return payment, intent


async def captured(provider: PayPalProvider, double: Double, amount: Money = AMOUNT) -> tuple[NewPayment, Intent]:
    """A payment that was taken."""
    payment, intent = await held(provider, double, amount)
    return payment, await provider.capture(intent.reference, payment.payment_id)


async def calls(double: Double, path: str) -> Sequence[float]:
    """When requests came for a path, in seconds since the Unix epoch."""
    return [request["at"] for request in await double.requests() if request["path"] == path]


class OneAnswer:
    """A server that gives the same answer to every request, and counts them; with no answer it hangs up."""

    def __init__(self, status: str, body: bytes, headers: str = "") -> None:
        self.url = ""
        self.asked = 0
        head = f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n{headers}\r\n"
        self._answer = head.encode() + body if status else b""

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["OneAnswer"]:
        server = await asyncio.start_server(self._serve, LOOPBACK, 0)
        self.url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError), contextlib.closing(writer):
            await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            writer.write(self._answer)
            await writer.drain()
