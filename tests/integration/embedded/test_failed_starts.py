"""What can't be started is told in one line with the setting's name before anything is; nothing is left running."""

import argparse
import contextlib
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import psutil
import pytest

from tests.contract.subgraphs import subgraph
from tests.integration.embedded.mesh_process import MeshProcess, until
from tilt.embedded.command_line import parse_arguments, run
from tilt.embedded.commands import COMMANDS
from tilt.embedded.credentials import write_privately
from tilt.embedded.process import REPOSITORY
from tilt.embedded.subgraphs import SUBGRAPHS

INTERRUPTED = 130


@pytest.fixture
def mesh(tmp_path: Path) -> MeshProcess:
    """One that nobody has started."""
    return MeshProcess(tmp_path, {})


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("ROUTER_PORT", "99999", "Input should be less than or equal to 65535"),
        ("ROUTER_PORT", "0", "Input should be greater than or equal to 1"),
        ("ORDERS_GRPC_PORT", "65536", "Input should be less than or equal to 65535"),
        ("KAFKA_PORT", "-1", "Input should be greater than or equal to 1"),
        ("MERCATO_PORTS", "lots", "write how far all ports move, such as MERCATO_PORTS=+1000"),
        ("MERCATO_PORTS", "1e3", "write how far all ports move, such as MERCATO_PORTS=+1000"),
        ("LOG_LEVEL", "LOUD", "Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("TIME_ZONE", "Europe/Atlantis", "no time zone has this name"),
        ("TIME_ZONE", "Europe", "no time zone has this name"),
        ("TIME_ZONE", "../../etc/passwd", "no time zone has this name"),
        ("REDIS_URL", "valkey", "write an address such as redis://"),
        ("REDIS_URL", "redis://host:many", "write an address such as redis://"),
        ("KAFKA_BOOTSTRAP_SERVERS", "http://kafka:9092", "write addresses such as kafka-1:9092,kafka-2:9092"),
        ("KAFKA_BOOTSTRAP_SERVERS", "kafka:99999", "write addresses such as kafka-1:9092,kafka-2:9092"),
        ("STRIPE_API_BASE", "api.stripe.com", "write an address such as http://"),
        ("JWKS_URL", "http://", "write an address such as http://"),
        ("SMTP_URL", "http://mail", "write an address such as smtp://"),
        ("ORDERS_DATABASE_URL", "mysql://user@host/orders", "write an address such as postgres://"),
        ("ORDERS_URL", "http://a b", "write an address such as http://"),
        ("INVENTORY_RPC_ADDRESS", "inventory", "write an address such as 127.0.0.1:4205"),
        ("EVENT_MAX_BYTES", "lots", "Input should be a valid integer"),
    ],
)
async def test_a_wrong_setting_is_named(mesh: MeshProcess, variable: str, value: str, complaint: str) -> None:
    status, output = await mesh.run("up", **{variable: value})
    assert status == 1
    assert output.startswith(f"mercato: {variable}={value!r}: {complaint}")
    assert output.count("\n") == 1
    assert not mesh.settings.mercato_data_dir.exists()


async def test_a_password_in_a_malformed_address_is_not_shown(mesh: MeshProcess) -> None:
    _, output = await mesh.run("up", ORDERS_DATABASE_URL="postgres://orders:guess@host:x/orders")
    assert "postgres://orders:***@host:x/orders" in output
    assert "guess" not in output


@pytest.mark.parametrize(("shift", "port"), [("+57000", "9092 to 66092"), ("-4000", "4000 to 0")])
async def test_a_shift_past_the_first_or_the_last_port_is_told_with_the_way_out(
    mesh: MeshProcess, shift: str, port: str
) -> None:
    status, output = await mesh.run_elsewhere("up", MERCATO_PORTS=shift)
    assert (status, output.count("\n")) == (1, 1)
    assert output.startswith(f"mercato: MERCATO_PORTS={shift} moves port {port}, and ports are 1 to 65535.")
    assert "such as MERCATO_PORTS=+1000" in output


async def test_two_that_want_one_port_are_named(mesh: MeshProcess) -> None:
    port = mesh.settings.subgraphs["users"].port
    status, output = await mesh.run("up", ORDERS_PORT=str(port))
    assert (status, output.count("\n")) == (1, 1)
    assert output.startswith(f"mercato: USERS_PORT and ORDERS_PORT are the same port, {port}.")
    assert "Start elsewhere: ORDERS_PORT=" in output
    assert mesh.processes() == {}


async def test_an_address_that_is_not_of_this_machine_is_named(mesh: MeshProcess) -> None:
    status, output = await mesh.run("up", ROUTER_HOST="192.0.2.1")
    told = "Nobody can listen on ROUTER_HOST=192.0.2.1 here. Start elsewhere: ROUTER_HOST=127.0.0.1 make up"
    assert (status, output) == (1, f"mercato: {told}\n")


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of four megabytes, where this user may make one."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("only root may make a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


async def test_a_small_disk_is_told_before_anything_starts(mesh: MeshProcess, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as disk:
        status, output = await mesh.run("up", MERCATO_DATA_DIR=str(disk / "data"))
        left = [path.name for path in (disk / "data").iterdir()]
    assert (status, output.count("\n"), left) == (1, 1, [])
    assert output.startswith("mercato: Only ")
    assert "MERCATO_DATA_DIR=" in output


def test_a_full_disk_is_told_by_whatever_would_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "write", (lambda settings, _: write(settings.mercato_data_dir), "writes"))
    with small_disk(tmp_path / "small") as disk:
        with contextlib.suppress(OSError), (disk / "filling").open("wb", buffering=0) as filling:
            while filling.write(bytes(65536)):
                pass
        monkeypatch.setenv("MERCATO_DATA_DIR", str(disk / "data"))
        with pytest.raises(SystemExit, match=r"^mercato: the disk is full.*MERCATO_DATA_DIR="):
            run(argparse.Namespace(command="write"))


def write(folder: Path) -> None:
    write_privately(folder / "file", "text " * 1000)


def is_importing(mesh: MeshProcess) -> bool:
    """Whether it reads its first libraries, half a second before it begins anything."""
    return "pydantic_core" in Path(f"/proc/{mesh.pid}/maps").read_text()


def has_its_lock(mesh: MeshProcess) -> bool:
    return (mesh.settings.mercato_data_dir / "lock").exists()


def has_begun(mesh: MeshProcess) -> bool:
    return bool(mesh.processes())


@pytest.mark.parametrize("moment", [is_importing, has_its_lock, has_begun], ids=lambda each: each.__name__)
async def test_ctrl_c_at_once_is_one_line_and_leaves_nothing(
    mesh: MeshProcess, moment: Callable[[MeshProcess], bool]
) -> None:
    mesh.start()
    await mesh.reaches(lambda: moment(mesh))
    begun = mesh.processes()
    mesh.signal(signal.SIGINT)
    assert await mesh.ended() == INTERRUPTED
    assert "Traceback" not in mesh.output
    assert mesh.output.splitlines()[-1] in ("mercato: stopped before anything was started.", "mercato: stopped.")
    assert not [name for name, identity in {**begun, **mesh.processes()}.items() if identity.is_alive()]


async def test_the_mesh_starts_after_a_ctrl_c(mesh: MeshProcess) -> None:
    mesh.start()
    await mesh.reaches(lambda: has_begun(mesh))
    mesh.signal(signal.SIGINT)
    await mesh.ended()
    await mesh.up()
    await mesh.stop()


def helped(*program: str) -> subprocess.CompletedProcess[str]:
    return called(*program, "--help")


def called(*program: str | bytes) -> subprocess.CompletedProcess[str]:
    """What a program of the house says without any setting."""
    command = [sys.executable, "-m", *program]
    return subprocess.run(
        command, env={"PATH": "/usr/bin:/bin"}, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False
    )


MESH = tuple(COMMANDS)
OF_ALL = ("serve", "work", "run", "migrate", "seed", "dead-letters", "dead-letters discard", "outbox", "outbox replay")


@pytest.fixture
def without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment as empty as ``called`` gives to programs."""
    for name in list(os.environ):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


@pytest.mark.usefixtures("without_settings")
@pytest.mark.parametrize("name", SUBGRAPHS)
def test_help_of_each_command_of_a_subgraph_needs_no_setting(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    own = [command.name for command in subgraph(name).commands]
    for command in (*own, *(OF_ALL if name == "orders" else ())):
        outcome = _helped_here(f"subgraphs.{name}", *command.split())
        output = capsys.readouterr()
        assert (outcome, output.err) == (0, ""), command
        assert output.out.startswith(f"usage: python -m subgraphs.{name}")


@pytest.mark.usefixtures("without_settings")
@pytest.mark.parametrize("name", SUBGRAPHS)
def test_help_of_a_subgraph_needs_no_setting(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = _helped_here(f"subgraphs.{name}")
    output = capsys.readouterr()
    assert (outcome, output.err) == (0, "")
    assert all(command.name in output.out for command in subgraph(name).commands)


def _helped_here(module: str, *arguments: str) -> object:
    """The exit status of ``python -m <module> <arguments> --help``, in this process."""
    with mock.patch.object(sys, "argv", [module, *arguments, "--help"]), pytest.raises(SystemExit) as end:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    return end.value.code or 0


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        (["subgraphs.orders", "nope"], "argument COMMAND: invalid choice: 'nope'"),
        (["subgraphs.products", "withdraw", "--slug", b"\xff"], "argument 3 is no text in UTF-8"),
    ],
)
def test_a_mistake_in_the_command_line_is_told_before_those_in_settings(
    typed: list[str | bytes], complaint: str
) -> None:
    outcome = called(*typed)
    assert outcome.returncode == 2
    assert complaint in outcome.stderr.splitlines()[-1]
    assert "setting" not in outcome.stderr


@pytest.mark.parametrize("program", ["tilt.embedded", "tilt.embedded.demo", "tilt.embedded.backends"])
def test_help_of_the_mesh_needs_no_setting(program: str) -> None:
    outcome = helped(program)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert "usage: " in outcome.stdout


@pytest.mark.usefixtures("without_settings")
def test_help_of_the_commands_of_the_mesh_needs_no_setting(capsys: pytest.CaptureFixture[str]) -> None:
    for command in MESH:
        with mock.patch.object(sys, "argv", ["tilt.embedded", command, "--help"]), pytest.raises(SystemExit) as end:
            parse_arguments()
        assert (end.value.code, capsys.readouterr().err) == (0, ""), command


@pytest.mark.parametrize("program", ["install.py", "tilt.embedded"])
async def test_ctrl_c_of_make_is_one_line_however_early_it_comes(mesh: MeshProcess, program: str) -> None:
    make = _make_up(mesh)
    await until(lambda: _runs(make.pid, program))
    os.killpg(make.pid, signal.SIGINT)
    await until(lambda: make.poll() is not None)
    assert make.returncode
    assert "Traceback" not in mesh.output
    assert "mercato: stopped" in mesh.output
    assert mesh.processes() == {}


def _make_up(mesh: MeshProcess) -> subprocess.Popen[bytes]:
    """`make up` as a terminal has it: the leader of its group, heeding Ctrl-C whatever runs the tests does."""
    command = ("env", "--default-signal=INT", "make", "up")
    with mesh.output_file.open("wb") as output:
        return subprocess.Popen(
            command, env=mesh.environment, cwd=REPOSITORY, stdout=output, stderr=output, start_new_session=True
        )


def _runs(pid: int, program: str) -> bool:
    """Whether a child of this process is Python with this program, of whatever age."""
    with contextlib.suppress(psutil.Error):
        commands = [child.cmdline() for child in psutil.Process(pid).children()]
        return any(
            "python" in command[0] and any(program in part for part in command) for command in commands if command
        )
    return False
