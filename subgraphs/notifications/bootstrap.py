"""Puts notifications together."""

import argparse

from shared.runtime.config import load_settings
from shared.runtime.subgraph import Command, Subgraph
from shared.runtime.workers import Worker
from subgraphs.notifications import graphql
from subgraphs.notifications.delivery import Delivery
from subgraphs.notifications.events import HANDLERS
from subgraphs.notifications.infrastructure import tables
from subgraphs.notifications.outgoing import retry_failed
from subgraphs.notifications.seed import seed
from subgraphs.notifications.settings import NotificationsSettings
from subgraphs.notifications.smtp import MailServer


def build() -> Subgraph:
    """Notifications, configured by the environment."""
    settings = load_settings(NotificationsSettings)
    mail_server = MailServer(settings.smtp_url, settings.sender)
    delivery = Delivery(settings.database_url, mail_server, settings.attempts)
    return Subgraph(
        name="notifications",
        settings=settings,
        tables=tables,
        bindables=graphql.BINDABLES,
        entities=graphql.ENTITIES,
        seed=seed,
        handlers=HANDLERS,
        workers=(Worker("delivery", delivery.run),),
        commands=(Command("retry-failed", "try all messages again that were given up", _no_arguments, _retry_failed),),
    )


def _no_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


async def _retry_failed(arguments: argparse.Namespace) -> None:
    print(f"{await retry_failed()} messages are tried again")
