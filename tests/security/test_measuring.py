"""What the budget test measures with sees what it has to see."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator

from tests.security.asking import Answer
from tests.security.campaign import Outcome
from tests.security.hostile.case import Case, asks
from tests.security.measuring import Meter

# Does as told by each line, and says so before it begins: an answer that comes before the work is done.
WORKER = """
import sys, time
for line in sys.stdin:
    print(flush=True)
    kept = bytearray(int(line.split()[1]) << 20)
    for place in range(0, len(kept), 4096):
        kept[place] = 1
    began = time.process_time()
    while time.process_time() - began < float(line.split()[0]):
        pass
    del kept
"""
CASE = asks("anything", "{ __typename }")


@contextlib.asynccontextmanager
async def worker() -> AsyncIterator[asyncio.subprocess.Process]:
    """A child of a child, as the processes of Postgres are."""
    command = ("sh", "-c", '"$0" -c "$1"; true', sys.executable, WORKER)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    try:
        await told(process, 0, 0)
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def told(process: asyncio.subprocess.Process, seconds: float, megabytes: int) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{seconds} {megabytes}\n".encode())
    await process.stdout.readline()


async def measured(seconds: float, megabytes: int) -> list[str]:
    """The complaints about work that goes on after its answer."""
    async with worker() as process:
        meter = Meter({"worker": process.pid})
        meter.begin()
        await told(process, seconds, megabytes)
        await meter.settle()
        return Outcome(
            CASE, Answer(200, body=b'{"errors":[{"extensions":{"code":"BAD_USER_INPUT"}}]}'), meter.end()
        ).complaints()


async def test_a_process_that_works_on_after_its_answer_is_seen() -> None:
    (complaint,) = await measured(seconds=0.25, megabytes=0)
    assert complaint.endswith("ms of CPU in worker")


async def test_memory_that_was_given_back_is_seen() -> None:
    (complaint,) = await measured(seconds=0.0, megabytes=40)
    assert complaint.startswith("worker grows by 4")


async def test_nobody_complains_of_little() -> None:
    assert await measured(seconds=0.01, megabytes=2) == []


async def test_an_answer_of_another_kind_than_promised_is_seen() -> None:
    async with worker() as process:
        meter = Meter({"worker": process.pid})
        meter.begin()
        spent = meter.end()
    promised = Case("anything", codes=frozenset({"LIMIT_EXCEEDED"}))
    internal = Answer(200, body=b'{"errors":[{"extensions":{"code":"INTERNAL"}}]}')
    assert Outcome(promised, internal, spent).complaints() == ["answers 'INTERNAL'"]
    assert Outcome(promised, Answer(None), spent).complaints() == ["no answer in time"]
    assert Outcome(promised, Answer(500, body=b"<html>"), spent).complaints() == ["answers 'UNREAD'", "status 500"]
