"""Prints, as JSON, how many partitions each member of a consumer group has: {address: number}."""

import asyncio
import json
import os
import sys

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment


async def main(group: str) -> None:
    """Asks the group's coordinator."""
    admin = AIOKafkaAdminClient(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"])
    await admin.start()
    try:
        (described,) = await admin.describe_consumer_groups([group])
    finally:
        await admin.close()
    members = described.to_object()["groups"][0]["members"]
    print(
        json.dumps({member["client_host"].lstrip("/"): _partitions(member["member_assignment"]) for member in members})
    )


def _partitions(assignment: bytes) -> int:
    """How many there are; none while the members are still joining."""
    return len(ConsumerProtocolMemberAssignment.decode(assignment).partitions()) if assignment else 0


asyncio.run(main(sys.argv[1]))
