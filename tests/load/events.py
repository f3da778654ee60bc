"""Reads how long events took from the subgraphs' own histograms."""

import re
from collections import Counter

import aiohttp

_BUCKET = re.compile(r'^mercato_event_delay_seconds_bucket\{le="([^"]+)",[^}]*\} (\S+)$', re.MULTILINE)

Histogram = Counter[float]  # the count of events up to each bound, in seconds


async def event_delays(subgraph_urls: list[str]) -> Histogram:
    """The histograms of all subgraphs added up."""
    total: Histogram = Counter()
    async with aiohttp.ClientSession() as session:
        for url in subgraph_urls:
            async with session.get(f"{url}/metrics") as response:
                for bound, count in _BUCKET.findall(await response.text()):
                    total[float(bound)] += int(float(count))
    return total


def event_delay_p95(before: Histogram, after: Histogram) -> float:
    """The bound in seconds, interpolated within its bucket, that 95 % of the events in between did not exceed."""
    counts = sorted((bound, after[bound] - before[bound]) for bound in after)
    wanted = 0.95 * counts[-1][1]
    lower_bound, lower_count = 0.0, 0
    for bound, count in counts:
        if count >= wanted:
            share = (wanted - lower_count) / max(1, count - lower_count)
            return lower_bound + (bound - lower_bound) * share
        lower_bound, lower_count = bound, count
    return counts[-1][0]
