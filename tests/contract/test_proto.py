"""The protos against the generated code that is committed beside them."""

import subprocess
import sys
from pathlib import Path

import pytest

PROTOS = sorted(Path("schema/proto").rglob("*.proto"))


@pytest.mark.parametrize("proto", PROTOS, ids=lambda proto: proto.stem)
def test_the_generated_code_is_fresh(proto: Path, tmp_path: Path) -> None:
    outputs = [f"--{kind}_out={tmp_path}" for kind in ("python", "pyi", "grpc_python")]
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", "-I.", *outputs, str(proto)], check=True)
    generated = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(generated) == 3
    assert [path for path in generated if path.read_text() != (tmp_path / path).read_text()] == []
