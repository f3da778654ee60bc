"""Commands of ``python -m subgraphs.notifications`` beside those of every subgraph."""

import argparse
from functools import partial

from shared.persistence.work import UnitOfWork
from shared.runtime.subgraph import Command
from subgraphs.notifications.commands.retry_given_up import RetryGivenUp, retry_given_up
from subgraphs.notifications.domain.ports import NotificationsWork


def retry_command(work: UnitOfWork[NotificationsWork]) -> Command:
    """Has messages tried again."""
    help_text = "try all messages again that were given up"
    return Command("retry-failed", help_text, _no_arguments, partial(_retry, work))


def _no_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


async def _retry(work: UnitOfWork[NotificationsWork], arguments: argparse.Namespace) -> None:
    print(f"{await work.perform_alone(retry_given_up, RetryGivenUp())} messages are tried again")
