"""Whatever a document looks like, both routers answer what the specification says, and the same to every form of it.

Documents come in rounds of ten with a seed each. A failure names the round's:
`PROPERTY_SEED=... PROPERTY_DOCUMENTS=10` repeats it.
"""

import os
from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st

from tests.property.documents import documents
from tests.property.judge import Judge
from tests.property.limits import is_within_limits
from tests.property.request import Document
from tests.property.schema import assumed_sizes, public_schema
from tests.property.stocking import People

DOCUMENTS = int(os.environ.get("PROPERTY_DOCUMENTS", "200"))
# Hypothesis draws as many before it goes on with variations of what it has.
A_ROUND = 10
PHASES = (Phase.generate, Phase.shrink)


def test_every_form_of_a_generated_document_is_answered_as_graphql_core_does(
    judge: Judge, people: People, first_seed: int
) -> None:
    written = documents(public_schema(), assumed_sizes(), people.shop)
    for number in range(DOCUMENTS // A_ROUND):
        _round(judge, sorted(people.tokens), written, first_seed + number)


def _round(judge: Judge, callers: Sequence[str], written: st.SearchStrategy[Document], round_seed: int) -> None:
    @seed(round_seed)
    @settings(
        max_examples=A_ROUND, phases=PHASES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(written, st.sampled_from(callers))
    def check(document: Document, who: str) -> None:
        assume(is_within_limits(document))
        judge.assert_right(document, who)

    try:
        check()
    except BaseException as error:
        error.add_note(f"PROPERTY_SEED={round_seed} PROPERTY_DOCUMENTS={A_ROUND}")
        raise
