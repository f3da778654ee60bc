"""Keys change while tokens of all of them are good."""

import os
import stat
import time
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from subgraphs.users.infrastructure.access_tokens import SignedTokens
from subgraphs.users.infrastructure.key_rotation import ENDED_SECONDS, PUBLISHED_SECONDS, rotate
from subgraphs.users.infrastructure.signing_keys import load_signing_keys
from tests.fakes.users import a_session


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "keys.pem"
    file.write_bytes(ECKey.generate_key("P-256").as_pem(private=True))
    file.chmod(0o640)
    age(file)
    return file


def age(file: Path, seconds: float = ENDED_SECONDS) -> None:
    """The file was written so long ago."""
    os.utime(file, (time.time() - seconds,) * 2)


def key_ids(file: Path) -> list[str | None]:
    return [key.kid for key in load_signing_keys(file).keys]


def token(file: Path) -> str:
    keys = load_signing_keys(file)
    return SignedTokens(lambda: keys, "mercato", "mercato").issue(a_session()).token


def verifies(file: Path, tokens: list[str]) -> None:
    """Fails unless all are good by what the file publishes."""
    published = KeySet.import_key_set(load_signing_keys(file).published())  # type: ignore[arg-type]
    for each in tokens:
        jwt.decode(each, published, algorithms=["ES256"])


def test_a_key_is_published_before_it_signs_and_after_it_has(file: Path) -> None:
    (first,), tokens = key_ids(file), [token(file)]
    assert "published" in rotate(file)
    assert key_ids(file)[0] == first
    _, second = key_ids(file)
    tokens.append(token(file))
    age(file, PUBLISHED_SECONDS)
    assert "signs now" in rotate(file)
    assert (key_ids(file)[0], key_ids(file)[2]) == (second, first)
    tokens.append(token(file))
    verifies(file, tokens)
    assert [key.is_private for key in load_signing_keys(file).keys] == [True, True, False]


def test_after_that_each_step_brings_the_next_key_and_lets_the_oldest_go(file: Path) -> None:
    for _ in range(2):
        rotate(file)
        age(file)
    before, tokens = key_ids(file), [token(file)]
    rotate(file)
    tokens.append(token(file))
    after = key_ids(file)
    assert (after[0], after[2]) == (before[1], before[0])
    assert before[2] not in after
    verifies(file, tokens)


@pytest.mark.parametrize(("steps", "seconds"), [(0, PUBLISHED_SECONDS), (1, PUBLISHED_SECONDS), (2, ENDED_SECONDS)])
def test_what_is_too_early_is_refused_with_how_long_to_wait(file: Path, steps: int, seconds: int) -> None:
    for _ in range(steps):
        rotate(file)
        age(file)
    before = file.read_bytes()
    age(file, seconds - 60)
    with pytest.raises(ValueError, match=r"rotate again in (59|60) s"):
        rotate(file)
    assert file.read_bytes() == before


def test_the_file_stays_as_private_as_it_was_and_nothing_is_left_beside_it(file: Path) -> None:
    (file.parent / "keys.pem.new").write_text("of a rotation that was killed")
    rotate(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_a_second_key_that_can_not_sign_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes() + ECKey.generate_key("P-256").as_pem(private=False))
    age(file)
    before = file.read_bytes()
    with pytest.raises(ValueError, match="the one that signs next"):
        rotate(file)
    assert file.read_bytes() == before
