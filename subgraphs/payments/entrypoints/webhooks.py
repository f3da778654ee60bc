"""What payment providers tell by themselves: ``POST /webhooks/<provider>``."""

from collections.abc import Awaitable, Callable, Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.errors import Unavailable
from shared.persistence.work import UnitOfWork
from shared.runtime.outages import OUTAGES, outage_error
from shared.telemetry.metrics import measured
from subgraphs.payments.commands.receive_notice import ReceiveNotice, receive_notice
from subgraphs.payments.domain.notice import BadNoticeError, NoticeReader
from subgraphs.payments.domain.ports import PaymentsWork

MAX_BODY_BYTES = 256 * 1024


def routes(readers: Mapping[str, NoticeReader], work: UnitOfWork[PaymentsWork]) -> list[Route]:
    """The webhooks of all providers."""
    return [Route(f"/webhooks/{name}", _receiver(reader, work), methods=["POST"]) for name, reader in readers.items()]


def _receiver(reader: NoticeReader, work: UnitOfWork[PaymentsWork]) -> Callable[[Request], Awaitable[Response]]:
    async def receive(request: Request) -> Response:
        return await _respond(request, reader, work)

    return receive


async def _respond(request: Request, reader: NoticeReader, work: UnitOfWork[PaymentsWork]) -> Response:
    """200 once the event is stored, 400 for what is not believed, 503 when it can't be stored now:
    the provider repeats it.
    """
    with measured("webhook", request.url.path) as operation:
        try:
            notice = await reader.read(await _body(request), request.headers)
            is_new = await work.perform(receive_notice, ReceiveNotice(notice))
        except BadNoticeError as bad:
            operation.failed("BAD_NOTICE")
            return _json(400, error=str(bad))
        except OUTAGES as outage:
            operation.failed("UNAVAILABLE")
            return _json(503, error=outage_error(outage).message)
        except Unavailable as outage:
            operation.failed("UNAVAILABLE")
            return _json(503, error=outage.message)
    return _json(200, received="new" if is_new else "again")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise BadNoticeError(f"The body is larger than {MAX_BODY_BYTES} bytes.")
    return bytes(body)


def _json(status: int, **fields: str) -> Response:
    return Response(orjson.dumps(fields), status_code=status, media_type="application/json")
