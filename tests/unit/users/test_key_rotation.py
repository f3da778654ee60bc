"""Keys change while tokens of all of them are good."""

import asyncio
import logging
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from shared.runtime.reloaded_file import ReloadedFile
from subgraphs.users.bootstrap import scheduled_rotation
from subgraphs.users.entrypoints.workers import KeyRotation
from subgraphs.users.infrastructure.access_tokens import SignedTokens
from subgraphs.users.infrastructure.key_rotation import ENDED_SECONDS, PUBLISHED_SECONDS, rotate, step_is_due
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


def test_of_those_who_rotate_at_once_one_does_and_the_others_are_told_to_wait(file: Path) -> None:
    before = key_ids(file)

    def outcome(_: int) -> str:
        try:
            return rotate(file)
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(outcome, range(8)))
    assert sorted("published" in each for each in outcomes) == [False] * 7 + [True]
    assert sum("rotate again in" in each for each in outcomes) == 7
    assert key_ids(file)[:1] == before
    assert len(key_ids(file)) == 2


def test_a_second_key_that_can_not_sign_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes() + ECKey.generate_key("P-256").as_pem(private=False))
    age(file)
    before = file.read_bytes()
    with pytest.raises(ValueError, match="the one that signs next"):
        rotate(file)
    assert file.read_bytes() == before


DAYS = timedelta(days=3)


@pytest.mark.parametrize(
    ("steps", "seconds", "is_due"),
    [
        (0, PUBLISHED_SECONDS - 60, False),
        (0, PUBLISHED_SECONDS + 60, True),
        (1, DAYS.total_seconds() - 60, False),
        (1, DAYS.total_seconds() + 60, True),
        (2, DAYS.total_seconds() - 60, False),
        (2, DAYS.total_seconds() + 60, True),
    ],
)
def test_by_schedule_the_next_key_is_published_at_once_and_signs_after_so_many_days(
    file: Path, steps: int, seconds: float, is_due: bool
) -> None:
    for _ in range(steps):
        rotate(file)
        age(file)
    age(file, seconds)
    assert step_is_due(file, DAYS) is is_due
    if is_due:
        assert rotate(file)


async def test_the_worker_takes_a_step_and_tells_what_keeps_it_from_the_next(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for message in ("The next key is published", "holds no PEM block"):
        with caplog.at_level(logging.INFO):
            await look_once(file)
        assert message in caplog.text
        spoil(file)


def spoil(file: Path) -> None:
    file.write_text("nonsense")


async def look_once(file: Path) -> None:
    stop = asyncio.Event()

    def take_step() -> str | None:
        stop.set()
        return rotate(file)

    await KeyRotation(take_step).run(stop)


class Settings:
    """As far as the schedule goes."""

    def __init__(self, file: Path, days: int | None) -> None:
        self.signing_keys = ReloadedFile(file, load_signing_keys)
        self.key_rotation_days = days


@pytest.mark.parametrize(
    ("days", "is_writable", "is_scheduled"), [(30, True, True), (None, True, False), (30, False, False)]
)
def test_keys_are_rotated_by_schedule_where_there_is_one_and_their_file_can_be_written(
    file: Path, monkeypatch: pytest.MonkeyPatch, days: int | None, is_writable: bool, is_scheduled: bool
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: is_writable)  # whoever runs as root may write anywhere
    settings: Any = Settings(file, days)
    assert bool(scheduled_rotation(settings)) is is_scheduled
