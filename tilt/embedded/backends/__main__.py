"""Backends for containers: `python -m tilt.embedded.backends NAME`.

NAME is postgres, valkey, kafka, localstripe, mailbox, databases or topics.

A server listens on all addresses, and this process becomes it.
`databases` and `topics` wait for their server, make what is missing in it and end; run again, they change nothing.
"""

import argparse
import asyncio
import os
import shutil
import signal
import socket
import sys
from pathlib import Path

from tilt.embedded.backends import Kafka, Localstripe, Mailbox, Postgres, Valkey
from tilt.embedded.backends.backend import Backend
from tilt.embedded.backends.preparation import prepare_databases, prepare_topics
from tilt.embedded.errors import MeshError
from tilt.embedded.secret_files import secret
from tilt.embedded.settings import load_settings

EVERYWHERE = "0.0.0.0"  # noqa: S104 - a container's own network; who may come in is up to its pod
# What a server writes goes where this process writes.
LOG = Path("/dev/stdout")


def postgres(arguments: argparse.Namespace) -> Postgres:
    password = secret("POSTGRES_PASSWORD")
    return Postgres(arguments.port, arguments.data, LOG, host=EVERYWHERE, superuser_password=password)


def valkey(arguments: argparse.Namespace) -> Valkey:
    return Valkey(arguments.port, arguments.data, LOG, host=EVERYWHERE)


def kafka(arguments: argparse.Namespace) -> Kafka:
    jars = load_settings().mercato_jars_dir
    ports = (arguments.port, arguments.controller_port)
    return Kafka(*ports, arguments.data, LOG, jars, host=EVERYWHERE, advertised=arguments.advertised)


def localstripe(arguments: argparse.Namespace) -> Localstripe:
    webhook_secret = secret("STRIPE_WEBHOOK_SECRET") if arguments.webhook_url else ""
    return Localstripe(arguments.port, arguments.data, LOG, arguments.webhook_url, webhook_secret, host=EVERYWHERE)


def mailbox(arguments: argparse.Namespace) -> Mailbox:
    # Probes ask for the pod's address.
    names = [*arguments.names, socket.gethostbyname(socket.gethostname())]
    return Mailbox(arguments.smtp_port, arguments.port, arguments.data, LOG, host=EVERYWHERE, names=names)


def become(backend: Backend) -> None:
    """Prepare it, and go on as its program: its output and its end are this process' own. Returns never."""
    asyncio.run(backend.prepare())
    command = [*rewriter(backend.process.stop_signal), *backend.process.command]
    sys.stdout.flush()
    os.execve(command[0], command, {**os.environ, **backend.process.environment})  # noqa: S606 - commands of our own


def rewriter(stop_signal: signal.Signals) -> list[str]:
    """What goes before a program that another signal than SIGTERM stops.

    Postgres waits at that until its last client is gone.
    """
    if stop_signal == signal.SIGTERM:
        return []
    init = shutil.which("dumb-init", path=os.pathsep.join((os.environ["PATH"], str(Path(sys.executable).parent))))
    if init is None:
        raise MeshError("dumb-init is missing: install what requirements/images/backends.txt says.")
    return [init, "--rewrite", f"{signal.SIGTERM:d}:{stop_signal:d}", "--"]


def parse_arguments() -> argparse.Namespace:
    settings = load_settings()
    parser = argparse.ArgumentParser(prog="python -m tilt.embedded.backends", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="NAME")
    for action, port in (
        (postgres, 5432),
        (valkey, settings.valkey_port),
        (kafka, settings.kafka_port),
        (localstripe, settings.localstripe_port),
        (mailbox, settings.mailbox_port),
    ):
        own = commands.add_parser(action.__name__, help=f"serve on port {port}")
        own.add_argument("--data", type=Path, default=Path("/data"), help="its folder (default /data)")
        own.add_argument("--port", type=int, default=port)
        own.set_defaults(run=lambda arguments, build=action: become(build(arguments)))
    own_options(commands.choices, settings.kafka_controller_port, settings.mailbox_smtp_port)
    for name, prepare in (("databases", prepare_databases), ("topics", prepare_topics)):
        commands.add_parser(name, help=f"make the {name} that are missing").set_defaults(
            run=lambda _, prepare=prepare: asyncio.run(prepare())
        )
    return parser.parse_args()


def own_options(parsers: dict[str, argparse.ArgumentParser], controller_port: int, smtp_port: int) -> None:
    """What only one of them can be told."""
    parsers["kafka"].add_argument("--controller-port", type=int, default=controller_port)
    parsers["kafka"].add_argument(
        "--advertised", default="kafka:9092", help="where clients reach it (default %(default)s)"
    )
    parsers["localstripe"].add_argument("--webhook-url", help="where it sends its events (default: nowhere)")
    parsers["mailbox"].add_argument("--smtp-port", type=int, default=smtp_port)
    parsers["mailbox"].add_argument("--names", nargs="*", default=["mailbox"], help="that its page may be read under")


def main() -> None:
    """Do what the command line says; what goes wrong is told in one line."""
    arguments = parse_arguments()
    arguments.run(arguments)


if __name__ == "__main__":
    try:
        main()
    except (MeshError, OSError) as error:
        sys.exit(f"mercato: {error}")
