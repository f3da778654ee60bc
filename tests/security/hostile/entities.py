"""What a subgraph is asked by whoever has got past the router: entities and its own SDL."""

from collections.abc import Iterator

from tests.security.hostile.case import ANSWERED, PLANTED, Case, asks, fill
from tests.security.hostile.terrain import SAMPLES, Terrain

DOCUMENT = "query ($r: [_Any!]!) {{ _entities(representations: $r) {{ {selection} }} }}"


def entities(ground: Terrain) -> Iterator[Case]:
    """For each entity of a subgraph, and none where a router is asked: it knows no such field."""
    for typename in sorted(ground.entities):
        document = DOCUMENT.format(selection=f"... on {typename} {{ __typename }}")
        for name, given in _representations(typename).items():
            yield asks(f"{typename}: {name}", document, {"r": given}, codes=ANSWERED, by_staff=True)
        yield from _selections(ground, typename)
    for times in (50, 90, 1_600):
        aliased = "".join(f" a{n}: _service {{ sdl }}" for n in range(times))
        yield asks(f"the SDL {times} times by alias", f"{{{aliased}}}", codes=ANSWERED)
        yield asks(f"the SDL {times} times", "{ _service {" + " sdl" * times + "} }", codes=ANSWERED)


def _representations(typename: str) -> dict[str, object]:
    one = {"__typename": typename, "id": SAMPLES["ID"]}
    return {
        "1,000 representations": [{**one, "id": f"018cc778-5000-7001-950a-{n:012x}"} for n in range(1_000)],
        "1,001 representations": [one] * 1_001,
        "2,600 representations": [one] * 2_600,
        "a representation of 2,000 keys": [{**one, **{f"{PLANTED}{n}": 1 for n in range(2_000)}}],
        "ids of 200 kB": [{**one, "id": PLANTED + fill("x", 200_000)}],
        "ids of combining marks": [{**one, "id": fill("\u0301", 200_000)}],
        "ids that are lists": [{**one, "id": [1] * 50_000}],
        "ids that are objects": [{**one, "id": {"a": {}}}] * 500,
        "ids that are great numbers": [{**one, "id": 10**300}] * 500,
        "type names of 200 kB": [{"__typename": PLANTED + fill("x", 200_000), "id": "1"}],
        "type names that are objects": [{"__typename": {"a": 1}, "id": "1"}] * 500,
        "representations that are lists": [[one]] * 500,
        "representations that are texts": [PLANTED] * 10_000,
        "no list": one,
    }


def _selections(ground: Terrain, typename: str) -> Iterator[Case]:
    """Costly fields of many entities at once."""
    many = [{"__typename": typename, "id": f"018cc778-5000-7001-950a-{n:012x}"} for n in range(1_000)]
    for known in ground.known.get(typename, ())[:1]:
        many = [{"__typename": typename, "id": known}] * 1_000
    for step in ground.steps(typename):
        inner = f" {{ {_leaf(ground, step.typename)} }}" if step.typename in ground.fields else ""
        document = DOCUMENT.format(selection=f"... on {typename} {{ {step.text}{inner} }}")
        yield asks(f"1,000 of {typename} with {step.text}", document, {"r": many}, codes=ANSWERED, by_staff=True)
        aliased = " ".join(f"a{n}: {step.text}{inner}" for n in range(90))
        document = DOCUMENT.format(selection=f"... on {typename} {{ {aliased} }}")
        yield asks(
            f"1,000 of {typename} with 90 times {step.text}", document, {"r": many}, codes=ANSWERED, by_staff=True
        )
    thousand = "".join(f" a{n}: _entities(representations: $r) {{ __typename }}" for n in range(90))
    yield asks(
        f"90 times 1,000 of {typename}",
        f"query ($r: [_Any!]!) {{{thousand} }}",
        {"r": many},
        codes=ANSWERED,
        by_staff=True,
    )


def _leaf(ground: Terrain, typename: str) -> str:
    """Every field of a type that needs no selection."""
    return " ".join(step.text for step in ground.steps(typename) if step.typename not in ground.fields) or "__typename"
