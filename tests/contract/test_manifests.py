"""What manifests say of subgraphs is so: their programs say the same, and what goes by their names is there."""

import tomllib

import pytest
import yaml

from shared.runtime.config import SubgraphSettings
from tests.contract.subgraphs import subgraph
from tilt.embedded.manifest import REPOSITORY
from tilt.embedded.subgraphs import MANIFESTS, SUBGRAPHS


def settings_of(name: str) -> type[SubgraphSettings]:
    return type(subgraph(name).settings)


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_a_program_listens_where_its_manifest_says_when_it_is_told_nothing(name: str) -> None:
    fields = settings_of(name).model_fields
    assert (fields["port"].default, fields["grpc_port"].default) == (MANIFESTS[name].port, MANIFESTS[name].grpc_port)


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_a_program_asks_those_that_its_manifest_says_it_calls(name: str) -> None:
    fields = settings_of(name).model_fields
    wanted = {each: field.default for each, field in fields.items() if each.endswith("_rpc_address")}
    assert wanted == {f"{each}_rpc_address": f"127.0.0.1:{MANIFESTS[each].grpc_port}" for each in MANIFESTS[name].calls}


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_a_program_reads_the_secrets_of_its_manifest(name: str) -> None:
    read = {field.validation_alias for field in settings_of(name).model_fields.values()}
    assert {secret.file_setting or variable for variable, secret in MANIFESTS[name].secrets.items()} <= read


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_a_subgraph_has_an_sdl_events_of_its_own_an_extra_and_a_lock(name: str) -> None:
    named = yaml.safe_load((REPOSITORY / "supergraph.yaml").read_text())["subgraphs"][name]
    assert named["schema"]["file"] == f"./schema/{name}.graphql"
    channels = yaml.safe_load((REPOSITORY / "schema" / "events" / f"{name}.yaml").read_text())["channels"]
    assert all(channel["address"].startswith(f"{name}.") for channel in channels.values())
    assert name in tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert (REPOSITORY / "requirements" / "images" / f"{name}.txt").is_file()
