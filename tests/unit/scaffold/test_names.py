"""What a new subgraph may be called, and what follows from it."""

from pathlib import Path

import pytest

from tilt.embedded.manifest import REPOSITORY, ManifestError, read_manifests
from tilt.embedded.subgraphs import SUBGRAPHS
from tilt.scaffold.names import LONGEST_NAME, NameRejectedError, answers_for, singular


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("questions", "question"),
        ("categories", "category"),
        ("boxes", "box"),
        ("wishes", "wish"),
        ("addresses", "address"),
        ("loyalty", "loyalty"),
        ("bonus", "bonus"),
        ("access", "access"),
        ("ties", "tie"),
    ],
)
def test_what_there_are_many_of_has_its_english_singular(name: str, one: str) -> None:
    assert singular(name) == one


def test_a_newcomer_gets_the_ports_after_those_of_all_others() -> None:
    answers = answers_for(REPOSITORY, "questions", rpc=False)
    manifests = read_manifests(REPOSITORY).values()
    assert answers.port == max(each.port for each in manifests) + 1
    assert answers.grpc_port == max(each.grpc_port for each in manifests) + 1


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "write 2 to 20 lower-case letters"),
        ("Questions", "write 2 to 20 lower-case letters"),
        ("two words", "write 2 to 20 lower-case letters"),
        ("../evil", "write 2 to 20 lower-case letters"),
        ("a" * (LONGEST_NAME + 1), "write 2 to 20 lower-case letters"),
        (SUBGRAPHS[0], "there is such a subgraph"),
        ("kafka", "a part of the mesh is called that"),
        ("classes", "'class' is a word of Python's"),
        ("categories", "the supergraph has Category already"),
        ("media", "the supergraph has Product.media already"),
    ],
)
def test_a_name_that_would_not_do_is_told_with_the_reason(name: str, why: str) -> None:
    with pytest.raises(NameRejectedError, match=f"^NAME={name}: {why}"):
        answers_for(REPOSITORY, name, rpc=False)


def test_a_tree_without_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"supergraph\.yaml"):
        answers_for(tmp_path, "questions", rpc=False)
