"""The protos against the generated code that is committed beside them."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.errors import Internal, Unavailable
from shared.rpc.status import to_status
from subgraphs.orders.sagas.attempts import REJECTIONS

PROTOS = sorted(Path("schema/proto").rglob("*.proto"))


@pytest.mark.parametrize("proto", PROTOS, ids=lambda proto: proto.stem)
def test_the_generated_code_is_fresh(proto: Path, tmp_path: Path) -> None:
    outputs = [f"--{kind}_out={tmp_path}" for kind in ("python", "pyi", "grpc_python")]
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", "-I.", *outputs, str(proto)], check=True)
    generated = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(generated) == 3
    assert [path for path in generated if path.read_text() != (tmp_path / path).read_text()] == []


COMMANDING = [proto for proto in PROTOS if "idempotency_key" in proto.read_text()]


@pytest.mark.parametrize("proto", COMMANDING, ids=lambda proto: proto.stem)
def test_what_commands_promise_about_failures_is_what_servers_and_clients_do(proto: Path) -> None:
    comment = proto.read_text().partition("\nservice ")[0]
    refusals, _, unknown = comment.partition("They are refusals")
    for refusal in REJECTIONS:
        assert to_status(refusal("")).name in refusals
    for failure in (Unavailable, Internal):
        assert to_status(failure("")).name in unknown
        assert to_status(failure("")).name not in refusals
