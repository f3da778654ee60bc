"""The services of a mesh as its settings want them: which backends, which router, the subgraphs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tilt.embedded.backends import Kafka, Localstripe, Mailbox, Postgres, Valkey
from tilt.embedded.credentials import Credentials
from tilt.embedded.environment import stripe_webhook_url
from tilt.embedded.http import expect_ok
from tilt.embedded.prefork_client import ForkedProcess, PreforkService
from tilt.embedded.process import REPOSITORY, Process
from tilt.embedded.service import Service
from tilt.embedded.settings import Settings
from tilt.embedded.sharing import for_router, for_subgraph

# Both routers know LOG_LEVEL by other names. At debug they write down whole requests, which hold passwords.
ROUTER_LOG_LEVELS = {"debug": "info", "warning": "warn", "critical": "error"}


class Subgraph(Service):
    """One subgraph, server and workers in one process, forked from the prefork server."""

    def __init__(
        self, name: str, prefork_server: PreforkService, settings: Settings, environment: Mapping[str, str]
    ) -> None:
        own = settings.subgraphs[name]
        self._url = f"http://{own.host}:{own.port}"
        self.process: ForkedProcess = subgraph_command(name, "run", prefork_server, settings, environment)

    async def start(self) -> None:
        await self.process.start()

    async def check(self) -> None:
        await expect_ok(f"{self._url}/health/ready")


class Router(Service):
    """The federation router, whichever was chosen."""

    def __init__(self, command: list[str], settings: Settings, environment: Mapping[str, str]) -> None:
        log = settings.log_folder / "router.log"
        folder = REPOSITORY / "router"
        self._url = settings.router_url
        level = settings.log_level.lower()
        own = {**for_router(environment), "LOG_LEVEL": ROUTER_LOG_LEVELS.get(level, level)}
        self.process: Process = Process(
            name="router", log=log, command=command, environment=own, working_directory=folder
        )

    async def start(self) -> None:
        self.process.start()

    async def check(self) -> None:
        await expect_ok(f"{self._url}/readiness")


@dataclass(frozen=True)
class Backends:
    """The embedded backends; None where the settings give an address."""

    postgres: Postgres | None
    valkey: Valkey | None
    kafka: Kafka | None
    localstripe: Localstripe | None
    mailbox: Mailbox | None

    @property
    def all(self) -> list[Service]:
        every = (self.postgres, self.valkey, self.kafka, self.localstripe, self.mailbox)
        return [service for service in every if service is not None]


def embedded_backends(settings: Settings, credentials: Credentials, needed: Collection[str]) -> Backends:
    """Those that somebody needs and nobody gave an address for."""
    data, logs = settings.mercato_data_dir, settings.log_folder
    kafka_ports = (settings.kafka_port, settings.kafka_controller_port)
    mail_ports = (settings.mailbox_smtp_port, settings.mailbox_port)
    webhook = (stripe_webhook_url(settings), credentials.stripe_webhook_secret)
    postgres = Postgres(settings.postgres_port, data / "postgres", logs / "postgres.log")
    valkey = Valkey(settings.valkey_port, data / "valkey", logs / "valkey.log")
    kafka = Kafka(*kafka_ports, data / "kafka", logs / "kafka.log", settings.mercato_jars_dir)
    stripe = Localstripe(settings.localstripe_port, data / "localstripe", logs / "localstripe.log", *webhook)
    mailbox = Mailbox(*mail_ports, data / "mail", logs / "mailbox.log")
    return Backends(
        postgres=postgres if settings.needs_postgres else None,
        valkey=valkey if settings.redis_url is None else None,
        kafka=kafka if settings.kafka_bootstrap_servers is None else None,
        localstripe=stripe if settings.stripe_api_base is None and "localstripe" in needed else None,
        mailbox=mailbox if settings.smtp_url is None and "mailbox" in needed else None,
    )


def subgraph_command(
    name: str, command: str, prefork_server: PreforkService, settings: Settings, environment: Mapping[str, str]
) -> ForkedProcess:
    """`python -m subgraphs.<name> <command>`, forked; all commands of a subgraph share its log."""
    return ForkedProcess(
        name=name,
        log=settings.log_folder / f"{name}.log",
        prefork_server=prefork_server,
        module=settings.mercato_subgraph_module.format(name=name),
        arguments=[command],
        environment=for_subgraph(name, environment),
    )
