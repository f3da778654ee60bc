"""A small real server in the place of a subgraph: HTTP and gRPC, run by the prefork server as `run`, `migrate` and
`seed` are.

Its commands leave a line in the file MERCATO_COMMANDS_FILE, so that a test sees which ran, and in which process; `told`
prints its environment. Versions of it take over from each other as subgraphs do, with the chassis' own listeners.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import grpc
import grpc.aio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from shared.runtime.listening import listening

NAME = os.environ["OTEL_SERVICE_NAME"]


def variable(suffix: str) -> str:
    return os.environ[f"{NAME.upper()}_{suffix}"]


def application(answer: str) -> Starlette:
    """Tells of its process, and what it was given to answer; a request to /held waits for a file."""

    async def ready(_: Request) -> Response:
        own = {"name": NAME, "pid": os.getpid(), "database": variable("DATABASE_URL"), "answer": answer}
        return JSONResponse({**own, "environment": dict(os.environ)}, 503 if answer == "unready" else 200)

    async def held(request: Request) -> Response:
        file = Path(request.query_params["until"])
        file.with_suffix(".begun").touch()
        while not file.exists():  # noqa: ASYNC110, ASYNC240 - another process makes it
            await asyncio.sleep(0.02)
        return PlainTextResponse(answer)

    return Starlette(routes=[Route("/health/ready", ready), Route("/held", held)])


async def echo(request: bytes, _: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
    return request + NAME.encode()


def rpc_server() -> grpc.aio.Server:
    server = grpc.aio.server(options=(("grpc.so_reuseport", int("VERSION_PORT" in os.environ)),))
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {"Echo": grpc.unary_unary_rpc_method_handler(echo)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("fake.Fake", handlers),))
    server.add_insecure_port(f"127.0.0.1:{variable('GRPC_PORT')}")
    return server


async def serve(answer: str) -> None:
    rpc, stop = rpc_server(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await rpc.start()
    version_port = int(os.environ["VERSION_PORT"]) if "VERSION_PORT" in os.environ else None
    host, port = variable("HOST"), int(variable("PORT"))
    async with listening(application(answer), host, port, stop, version_port=version_port):
        await stop.wait()
    await rpc.stop(grace=1)


def main(answer: str = "") -> None:
    command = sys.argv[1]
    if file := os.environ.get("MERCATO_COMMANDS_FILE"):
        with open(file, "a") as output:
            output.write(" ".join([command, NAME, *sys.argv[2:]]) + "\n")
    if os.environ.get("MERCATO_FAILING") == f"{command} {NAME}":
        sys.exit(f"{NAME} cannot {command}: not today")
    if command == "migrate" and answer == "unmigratable":
        sys.exit(f"{NAME}: the migration 0002 failed: no such table")
    if command == "run":
        asyncio.run(serve(answer))
    if command == "told":
        print(json.dumps(dict(os.environ)))


if __name__ == "__main__":
    main()
