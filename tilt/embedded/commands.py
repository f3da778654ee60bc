"""What each command of the embedded mesh does."""

import argparse
import asyncio
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal, NoReturn

from tilt.embedded.credentials import load_credentials
from tilt.embedded.environment import mesh_environment
from tilt.embedded.errors import MeshError
from tilt.embedded.lock import MeshLock
from tilt.embedded.logs import follow
from tilt.embedded.memory import print_memory
from tilt.embedded.port_checks import check_ports
from tilt.embedded.preflight import RouterProgram, check_folder, rotate_logs, router_program
from tilt.embedded.records import Records
from tilt.embedded.reloading.asking import ask_for_restart
from tilt.embedded.running import NOTHING_RUNS, StartRecord, settings_of_running_mesh
from tilt.embedded.screen import Screen
from tilt.embedded.settings import Settings
from tilt.embedded.sharing import for_any_subgraph, for_subgraph
from tilt.embedded.slices import check_slice, running_subgraphs, slice_of
from tilt.embedded.subgraphs import SUBGRAPHS

if TYPE_CHECKING:
    from tilt.embedded.mesh import Mesh

Command = Callable[[Settings, argparse.Namespace], None]

# All that the mesh writes into its data folder, except for the jars, which are no data.
DATA = (
    *("postgres", "valkey", "kafka", "localstripe", "mail", "logs"),
    *("seeded", "pins", "processes.json", "running.json", "supergraph.graphql", "asked"),
)
SECRETS = ("credentials.json", "users-signing-key.pem")


def records_of(settings: Settings) -> Records:
    return Records(settings.mercato_data_dir / "processes.json")


def up(settings: Settings, _: argparse.Namespace) -> None:
    """Start the mesh and keep it until Ctrl-C, SIGTERM or `make down`."""
    asyncio.run(run_mesh(settings))


async def run_mesh(settings: Settings) -> None:
    """Check, clean up, serve; hold the lock meanwhile.

    Raises:
        KeyboardInterrupt: when somebody wanted it to end before it served.
    """
    stop = stop_requested()  # from here on Ctrl-C is a wish that is looked at, and ends nothing halfway
    screen, lock, record = Screen(), MeshLock(settings.mercato_data_dir), StartRecord(settings.mercato_data_dir)
    os.umask(0o077)  # whatever they and we write from here on is for nobody else
    check_folder(settings)
    check_slice(settings)
    lock.acquire()
    try:
        records = records_of(settings)
        if left := await records.end_leftovers():
            screen.say(f"Ended what a killed mesh had left running: {', '.join(left)}")
        check_ports(settings)
        rotate_logs(settings.log_folder)
        router = router_program(settings, screen.say)
        # Imported only now: half a second of drivers and clients that a refusal does not need.
        from tilt.embedded.mesh import Mesh

        mesh = Mesh(settings, router, screen, records)
        record.write()
        await asyncio.sleep(0)  # a signal of the meantime is heard now
        if stop.is_set():
            raise KeyboardInterrupt
        await serve(mesh, router, settings, screen, stop)
    finally:
        record.remove()
        lock.release()


async def serve(
    mesh: "Mesh", router: RouterProgram, settings: Settings, screen: Screen, stop_wanted: asyncio.Event
) -> None:
    """Start, tell what runs where, heed what is saved and asked for until the end, stop."""
    from tilt.embedded.reloading.heeding import heeding  # imported late, as the mesh is

    started = time.monotonic()
    stop = asyncio.create_task(stop_wanted.wait())
    try:
        async with heeding(mesh.parts) as serves:
            outcome = await start(mesh, screen, stop)
            if outcome is None:
                show_addresses(mesh.environment, router, settings, screen, time.monotonic() - started)
                serves.set()
                await stop
    finally:
        screen.say("Stopping...")
        await mesh.stop()
    if isinstance(outcome, Exception):
        raise outcome
    screen.say("All stopped; the data is kept.")
    if outcome is not None:  # it was cancelled: somebody wanted it to end before it served
        raise KeyboardInterrupt


async def start(mesh: "Mesh", screen: Screen, stop: "asyncio.Task[Literal[True]]") -> BaseException | None:
    """Start everything, unless it is to stop; what came between, if anything did."""
    with screen.progress():
        starting = asyncio.create_task(mesh.start())
        await asyncio.wait({starting, stop}, return_when=asyncio.FIRST_COMPLETED)
        starting.cancel()
        return (await asyncio.gather(starting, return_exceptions=True))[0]


def stop_requested() -> asyncio.Event:
    """What is set when somebody wants the mesh to end."""
    event = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, event.set)
    return event


def show_addresses(
    addresses: Mapping[str, str], router: RouterProgram, settings: Settings, screen: Screen, seconds: float
) -> None:
    """What runs where."""
    metrics = settings.router_metrics_url if router.has_metrics else ""
    part = slice_of(settings)
    rows = [("router, GraphiQL", f"{settings.router_url}/graphql", metrics)]
    if "mailbox" in part.backends() and (settings.smtp_url is None or settings.mailbox_url):
        rows.append(("mailbox", addresses["MAILBOX_URL"], ""))
    rows += [(name, f"{each.url}/graphql", f"{each.url}/metrics") for name, each in settings.subgraphs.items()]
    rows.append(("logs", str(settings.log_folder), "make logs, make logs SERVICE=orders"))
    screen.table(f"\nMercato serves after {seconds:.1f} s", ("", "where", "metrics"), rows)
    if not part.is_whole:
        screen.say(f"\nA slice: {part.told}. Ctrl-C or `make down` stops everything.")
        return
    screen.say("\nTry `make demo` in another terminal. Ctrl-C or `make down` stops everything.")


def down(settings: Settings, _: argparse.Namespace) -> None:
    """Stop a running mesh, and wait until it is gone."""
    asyncio.run(stop_mesh(settings))


async def stop_mesh(settings: Settings) -> None:
    """Ask its supervisor to stop; without one, end what it left."""
    screen = Screen()
    holder = MeshLock(settings.mercato_data_dir).holder()
    if holder is None:
        left = await records_of(settings).end_leftovers()
        screen.say(f"Ended what a killed mesh had left running: {', '.join(left)}" if left else "Nothing was running.")
        return
    with screen.step("stopping"):
        # It stops its services one after the other, each within its time; whoever waits longer than that waits forever.
        await holder.end(signal.SIGTERM, seconds=90)
    await records_of(settings).end_leftovers()


def reset(settings: Settings, arguments: argparse.Namespace) -> None:
    """Stop the mesh and forget all its data."""
    down(settings, arguments)
    for name in (*DATA, *SECRETS):
        path = settings.mercato_data_dir / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    Screen().say(f"All data in {settings.mercato_data_dir} is gone.")


def logs(settings: Settings, arguments: argparse.Namespace) -> None:
    """Follow the logs."""
    follow(settings.log_folder, arguments.service)


def seed(settings: Settings, arguments: argparse.Namespace) -> None:
    """Fill the running mesh's databases; with a number of products, that many."""
    settings = settings_of_running_mesh(settings.mercato_data_dir)
    mesh = mesh_environment(settings, load_credentials(settings))
    number = ["--products", str(arguments.products)] if arguments.products else []
    screen = Screen()

    def seed_one(name: str) -> None:
        module = settings.mercato_subgraph_module.format(name=name)
        command = [sys.executable, "-m", module, "seed", *number]
        with screen.step(name):
            if subprocess.run(command, env=for_subgraph(name, mesh)).returncode:  # noqa: S603
                raise MeshError(f"`{' '.join(command[1:])}` failed.")

    names = running_subgraphs(records_of(settings))
    with screen.progress(), ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(seed_one, names))


def restart(settings: Settings, arguments: argparse.Namespace) -> None:
    """Have the running mesh start one service anew; return when that is healthy."""
    if MeshLock(settings.mercato_data_dir).holder() is None:
        raise MeshError(NOTHING_RUNS)
    Screen().say(ask_for_restart(settings.mercato_data_dir, arguments.service))


def memory(settings: Settings, _: argparse.Namespace) -> None:
    """Print what the running mesh takes of memory."""
    running = records_of(settings).running()
    if not running:
        raise MeshError(NOTHING_RUNS)
    print_memory(Screen(), running)


def environment(settings: Settings, arguments: argparse.Namespace) -> None:
    """Print the variables of the running mesh for a shell, or those that one subgraph is told."""
    settings = settings_of_running_mesh(settings.mercato_data_dir)
    mesh = mesh_environment(settings, load_credentials(settings))
    values = {**for_any_subgraph(os.environ), **mesh}
    if arguments.subgraph:
        told = for_subgraph(arguments.subgraph, mesh)
        values = {name: told[name] for name in values if name in told}
    for name, value in sorted(values.items()):
        Screen().say(f"{name}={shlex.quote(value)}")


def run(settings: Settings, arguments: argparse.Namespace) -> None:
    """Become a command of a subgraph of the running mesh, told what that subgraph is told."""
    if arguments.subgraph not in SUBGRAPHS:
        raise MeshError(f"SERVICE={arguments.subgraph or ''}: say which subgraph: {', '.join(SUBGRAPHS)}.")
    become(settings_of_running_mesh(settings.mercato_data_dir), arguments.subgraph, arguments.arguments)


def become(settings: Settings, subgraph: str, arguments: Sequence[str]) -> NoReturn:
    """Run a command of a subgraph in the place of this process."""
    mesh = mesh_environment(settings, load_credentials(settings))
    command = [sys.executable, "-m", settings.mercato_subgraph_module.format(name=subgraph), *arguments]
    os.execve(sys.executable, command, for_subgraph(subgraph, mesh))  # noqa: S606 - our own program


def token(settings: Settings, arguments: argparse.Namespace) -> None:
    """Print an access token: of an account, and where users does not run of whomever the address names."""
    settings = settings_of_running_mesh(settings.mercato_data_dir)
    email, scope, seconds = arguments.email, arguments.scope, arguments.expires_in
    if "users" in running_subgraphs(records_of(settings)):
        become(settings, "users", ["token", "--email", email, "--scope", scope, "--expires-in", str(seconds)])
    # Imported here: it brings signatures and GraphQL, which no other command needs.
    from tilt.embedded.tokens import token_without_users

    Screen().say(token_without_users(settings, email, scope, seconds))


COMMANDS: dict[str, tuple[Command, str]] = {
    "up": (up, "start the mesh and keep it running"),
    "down": (down, "stop a running mesh"),
    "reset": (reset, "stop the mesh and forget all data"),
    "logs": (logs, "follow the logs of all processes, or of one"),
    "seed": (seed, "fill the databases of the running mesh"),
    "restart": (restart, "start one service of the running mesh anew"),
    "memory": (memory, "what the running mesh takes of memory"),
    "environment": (environment, "the variables of the running mesh, or those that one subgraph is told"),
    "run": (run, "run a command of a subgraph in the running mesh: run orders dead-letters list"),
    "token": (token, "an access token of the running mesh, by an account's address (development)"),
}
