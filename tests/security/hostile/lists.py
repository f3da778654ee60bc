"""Lists within lists: small documents with large answers."""

from collections.abc import Iterator

from tests.security.hostile.case import ANSWERED, Case, asks
from tests.security.hostile.terrain import Step, Terrain, nested

SCALARS = {"Int", "String", "Boolean", "ID", "Decimal", "DateTime", "CurrencyCode", "Date"}


def lists(ground: Terrain) -> Iterator[Case]:
    """Every cycle of the schema, once to five times around, with and without fields beside."""
    for there, around in ground.cycles():
        for times in range(1, 6):
            steps = [*there, *(around * times)]
            yield asks(
                f"{_told(there)} and {times} times {_told(around)}",
                f"{{{nested(steps)}}}",
                codes=ANSWERED,
                by_staff=True,
            )
        yield asks(
            f"{_told(there)} and {_told(around)} by fragments",
            _by_fragments(there, around),
            codes=ANSWERED,
            by_staff=True,
        )
        wide = f"{nested(around, 'a: __typename b: __typename')} " * 30
        once = nested(there, wide)
        yield asks(
            f"{_told(there)} and 30 beside each other of {_told(around)}", f"{{{once}}}", codes=ANSWERED, by_staff=True
        )
        aliased = " ".join(f"c{n}: {nested(around)}" for n in range(90))
        yield asks(
            f"{_told(there)} and 90 aliases of {_told(around)}",
            f"{{{nested(there, aliased)}}}",
            codes=ANSWERED,
            by_staff=True,
        )
    for start in ground.starts():
        yield from _beside(ground, start)


def _beside(ground: Terrain, start: Step) -> Iterator[Case]:
    """One root field as often as aliases allow, and all there is below it."""
    for times in (10, 49, 95):
        if start.text.startswith("_entities"):
            continue
        whole = _everything(ground, start, depth=4)
        many = " ".join(f"c{n}: {start.text} {{ {whole} }}" for n in range(times))
        if many.count(" ") < 4_500:
            yield asks(f"{times} times all of {start.text[:60]}", f"{{{many}}}", codes=ANSWERED, by_staff=True)
        bare = " ".join(f"c{n}: {start.text} {{ __typename }}" for n in range(times))
        yield asks(f"{times} times {start.text[:60]}", f"{{{bare}}}", codes=ANSWERED, by_staff=True)
    yield asks(
        f"all of {start.text[:60]}",
        f"{{{nested([start], _everything(ground, start, depth=6))}}}",
        codes=ANSWERED,
        by_staff=True,
    )


def _everything(ground: Terrain, start: Step, depth: int) -> str:
    """Every field below a step, as deep as asked, no type within itself."""

    def below(typename: str, above: frozenset[str]) -> str:
        parts = []
        for step in ground.steps(typename):
            if step.typename in SCALARS or step.typename in ground.enums:
                parts.append(step.text)
            elif step.typename not in above and len(above) < depth:
                parts.append(f"{step.text} {{ {below(step.typename, above | {step.typename})} }}")
        return " ".join(parts) or "__typename"

    return below(start.typename, frozenset({start.typename}))


def _by_fragments(there: list[Step], around: list[Step]) -> str:
    """Each fragment goes around twice, and there are ten."""
    kind = there[-1].typename
    spread = "".join(
        f"fragment f{n} on {kind} {{ a: {nested(around, f'...f{n + 1}')} b: {nested(around, f'...f{n + 1}')} }}"
        for n in range(10)
    )
    return f"{{{nested(there, '...f0')}}} {spread} fragment f10 on {kind} {{ __typename }}"


def _told(steps: list[Step]) -> str:
    return ".".join(
        step.text.split("(")[0] if not step.text.startswith("_entities") else f"entity {step.typename}"
        for step in steps
    )
