"""A small real server in the place of a subgraph: HTTP and gRPC, run by the prefork server as `run`, `migrate` and
`seed` are.

Its commands leave a line in the file MERCATO_COMMANDS_FILE, so that a test sees which ran, and in which process; `told`
prints its environment.
"""

import asyncio
import json
import os
import sys

import grpc
import grpc.aio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

NAME = os.environ["OTEL_SERVICE_NAME"]


def variable(suffix: str) -> str:
    return os.environ[f"{NAME.upper()}_{suffix}"]


async def ready(_: Request) -> Response:
    told = dict(os.environ)
    return JSONResponse({"name": NAME, "pid": os.getpid(), "database": variable("DATABASE_URL"), "environment": told})


async def echo(request: bytes, _: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
    return request + NAME.encode()


async def serve() -> None:
    rpc = grpc.aio.server()
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {"Echo": grpc.unary_unary_rpc_method_handler(echo)}
    rpc.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("fake.Fake", handlers),))
    rpc.add_insecure_port(f"127.0.0.1:{variable('GRPC_PORT')}")
    await rpc.start()
    app = Starlette(routes=[Route("/health/ready", ready)])
    config = uvicorn.Config(app, host=variable("HOST"), port=int(variable("PORT")), log_level="info")
    await uvicorn.Server(config).serve()
    await rpc.stop(grace=1)


def main() -> None:
    command = sys.argv[1]
    if file := os.environ.get("MERCATO_COMMANDS_FILE"):
        with open(file, "a") as output:
            output.write(" ".join([command, NAME, *sys.argv[2:]]) + "\n")
    if os.environ.get("MERCATO_FAILING") == f"{command} {NAME}":
        sys.exit(f"{NAME} cannot {command}: not today")
    if command == "run":
        asyncio.run(serve())
    if command == "told":
        print(json.dumps(dict(os.environ)))


if __name__ == "__main__":
    main()
