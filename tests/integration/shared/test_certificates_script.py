"""`scripts/certificates`, as operators type it."""

import asyncio
import stat
from pathlib import Path

import pytest

from tests.certificates import Certificates, run_script
from tilt.embedded.subgraphs import SUBGRAPHS


def contents(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


async def test_everybody_gets_a_certificate_once_and_nobody_else_may_read_the_keys(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    await certificates.make()
    made = contents(tmp_path)
    assert {file.parent.name for file in made} == {*SUBGRAPHS, "router", "ca"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in made if file.name == "tls.key"} == {0o600}
    await certificates.make()
    assert contents(tmp_path) == made


async def test_a_rotated_certificate_keeps_its_names_and_has_another_key(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    await certificates.make("orders")
    before = contents(tmp_path)
    await certificates.rotate("orders")
    after = contents(tmp_path)
    changed = {file.name for file, content in after.items() if content != before[file]}
    assert changed == {"tls.crt", "tls.key"}
    assert await alternative_names(certificates.of("orders") / "tls.crt") == [
        *("DNS:orders", "DNS:orders.mercato", "DNS:orders.mercato.svc", "DNS:orders.mercato.svc.cluster.local"),
        "IP Address:127.0.0.1",
    ]


async def alternative_names(certificate: Path) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        *("openssl", "x509", "-in", str(certificate), "-noout", "-ext", "subjectAltName"),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    return said.decode().splitlines()[1].strip().split(", ")


async def test_what_expires_when_is_told_in_a_table(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    await certificates.make("orders")
    await certificates.make("late", days=0)
    _, table = await run_script("show", "--directory", str(tmp_path))
    rows = [line.split() for line in table.splitlines()]
    assert [row[:2] for row in rows] == [
        ["NAME", "FILE"],
        ["ca", "tls.crt"],
        ["late", "tls.crt"],
        ["orders", "tls.crt"],
    ]
    assert [row[-1] for row in rows[1:]] == ["GMT", "(expired)", "GMT"]


async def test_the_old_authority_stays_until_nobodys_certificate_needs_it(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    await certificates.make("orders", "router")
    await certificates.rotate_authority()
    again = await run_script("rotate-ca", "--directory", str(tmp_path))
    assert again == (
        1,
        "certificates: an authority is being rotated already: go on with 'rotate', then with 'rotate-ca --finish'\n",
    )
    await certificates.rotate("orders")
    too_soon = await run_script("rotate-ca", "--finish", "--directory", str(tmp_path))
    assert too_soon == (
        1,
        "certificates: the certificate of router is still signed by the old authority: 'rotate' comes first\n",
    )
    assert (certificates.of("orders") / "ca.crt").read_text().count("BEGIN") == 2
    await certificates.rotate("router")
    await certificates.drop_old_authority()
    assert (certificates.of("orders") / "ca.crt").read_text().count("BEGIN") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["make"], "say where: --directory DIR or --namespace NAMESPACE"),
        (["made", "--directory", "D"], "there is no command made: make, rotate, rotate-ca or show (--help says more)"),
        (["make", "--directory", "D", "--namespace", "N"], "--directory and --namespace exclude each other"),
        (["make", "--directory"], "--directory needs a value"),
        (["make", "--directory", "D", "--days", "soon"], "--days must be a number of days, not 'soon'"),
        (["make", "--directory", "D", "../orders"], "'../orders' is no name: small letters, digits and - only"),
        (["make", "--directory", "D", "--forever"], "there is no option --forever (--help says which there are)"),
        (["rotate", "--directory", "D"], "there is no authority in D: 'make' comes first"),
        (["rotate", "--directory", "D", "--finish"], "--finish belongs to rotate-ca"),
        (["rotate-ca", "--directory", "D", "orders"], "rotate-ca concerns everybody: it takes no names"),
    ],
)
async def test_what_cant_be_done_is_told_in_one_line_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert await run_script(*arguments) == (1, f"certificates: {said}\n")
    assert contents(tmp_path) == {}
