"""Whether each of us has a port of its own, where we may listen and nobody else does; all that is not so at once."""

import errno
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tilt.embedded.errors import MeshError
from tilt.embedded.ports import HIGHEST_PORT, LOOPBACK, listeners, why_not
from tilt.embedded.preflight import ports_wanted
from tilt.embedded.settings import Settings

STEP = 1000
FAR = 9_999  # away from where somebody wanted to listen, who may have more there
_ALL_ADDRESSES = ("0.0.0.0", "::")  # noqa: S104 - recognized here, not listened on


@dataclass(frozen=True)
class Wanted:
    """A port that one of us will listen on."""

    variable: str
    host: str
    port: int

    @property
    def host_variable(self) -> str:
        return re.sub(r"(_METRICS|_GRPC)?_PORT$", "_HOST", self.variable)

    def excludes(self, other: "Wanted") -> bool:
        """Whether not both can listen."""
        share_an_address = self.host == other.host or bool({self.host, other.host} & set(_ALL_ADDRESSES))
        return self.port == other.port and share_an_address


@dataclass(frozen=True)
class Problem:
    """Why some of us can't listen where they are meant to."""

    text: str
    moved: tuple[Wanted, ...] = ()  # whose ports must be others
    rehosted: tuple[Wanted, ...] = ()  # whose hosts must be others


def check_ports(settings: Settings) -> None:
    """Each of us has a port of its own, where we may listen and nobody else does.

    Raises:
        MeshError: with all that is in the way, and what to type instead.
    """
    wanted = all_wanted(settings)
    problems = [*_addresses_of_others(wanted), *_wanted_twice(wanted), *_not_to_be_had(wanted)]
    if len(problems) == 1:
        raise MeshError(f"{problems[0].text} {_way_out(settings, problems)}")
    if problems:
        lines = [f"{len(problems)} ports or addresses can't be had:", *(f"  {problem.text}" for problem in problems)]
        raise MeshError("\n".join([*lines, _way_out(settings, problems)]))


def all_wanted(settings: Settings) -> list[Wanted]:
    """Every port of ours."""
    return [Wanted(*each) for each in ports_wanted(settings)]


def _addresses_of_others(wanted: Iterable[Wanted]) -> Iterator[Problem]:
    by_host: dict[str, Wanted] = {}
    for each in wanted:
        if why_not(each.host, each.port) not in (0, errno.EADDRINUSE, errno.EACCES):
            by_host.setdefault(each.host_variable, each)
    for variable, each in by_host.items():
        yield Problem(f"Nobody can listen on {variable}={each.host} here.", rehosted=(each,))


def _wanted_twice(wanted: Iterable[Wanted]) -> Iterator[Problem]:
    groups: list[list[Wanted]] = []
    for each in wanted:
        group = next((group for group in groups if group[0].excludes(each)), None)
        if group is None:
            groups.append([each])
        else:
            group.append(each)
    for first, *others in groups:
        if others:
            names = " and ".join(each.variable for each in (first, *others))
            yield Problem(f"{names} are the same port, {first.port}.", moved=tuple(others))


def _not_to_be_had(wanted: Iterable[Wanted]) -> Iterator[Problem]:
    reasons = {each: why_not(each.host, each.port) for each in wanted}
    owners = listeners() if errno.EADDRINUSE in reasons.values() else {}
    for each, reason in reasons.items():
        if reason == errno.EADDRINUSE:
            owner = owners.get(each.port, "another program")
            yield Problem(f"Port {each.port} ({each.variable}) is taken by {owner}.", moved=(each,))
        elif reason == errno.EACCES:
            yield Problem(f"This user may not listen on port {each.port} ({each.variable}).", moved=(each,))


def _way_out(settings: Settings, problems: Iterable[Problem]) -> str:
    """What to type: one switch for the ports that nobody set, and a variable for each that somebody did."""
    stuck = {each.variable: each for problem in problems for each in problem.moved}
    shift = next_shift(settings) if stuck.keys() & _moving(settings) else None
    own = stuck.keys() if shift is None else stuck.keys() - _moving(settings)
    used = {each.port for each in all_wanted(settings if shift is None else _shifted(settings, shift))}
    return "Start elsewhere: " + " ".join(
        [
            *([] if shift is None else [f"MERCATO_PORTS={shift:+d}"]),
            *(f"{variable}={_another_port(each, used)}" for variable, each in stuck.items() if variable in own),
            *(f"{each.host_variable}={LOOPBACK}" for problem in problems for each in problem.rehosted),
            "make up",
        ]
    )


def next_shift(settings: Settings) -> int | None:
    """The smallest multiple of 1000 at which all ports that MERCATO_PORTS moves are free now, if there is one."""
    moving = _moving(settings)
    for shift in range(STEP, HIGHEST_PORT, STEP):
        try:
            wanted = all_wanted(_shifted(settings, shift))
        except MeshError:
            return None  # past the last port there is
        if all(_is_free(each, wanted) for each in wanted if each.variable in moving):
            return shift
    return None


def _shifted(settings: Settings, shift: int) -> Settings:
    """The same settings with another MERCATO_PORTS."""
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    return Settings(**{**given, "mercato_ports": shift})


def _moving(settings: Settings) -> set[str]:
    """The variables of ports that MERCATO_PORTS moves, as nobody set them."""
    nearer = settings.mercato_ports + (1 if settings.mercato_ports < 0 else -1)
    pairs = zip(all_wanted(settings), all_wanted(_shifted(settings, nearer)), strict=True)
    return {here.variable for here, there in pairs if here.port != there.port}


def _is_free(wanted: Wanted, all_of_us: Iterable[Wanted]) -> bool:
    is_shared = any(wanted.excludes(other) for other in all_of_us if other is not wanted)
    return not is_shared and _can_listen(wanted.host, wanted.port)


def _another_port(wanted: Wanted, used: set[int]) -> int:
    """One that is free; from now on it is used."""
    for distance in range(FAR, FAR + HIGHEST_PORT):
        port = (wanted.port + distance) % HIGHEST_PORT + 1
        if port not in used and _can_listen(wanted.host, port):
            used.add(port)
            return port
    raise MeshError("All ports of this machine are taken.")


def _can_listen(host: str, port: int) -> bool:
    """Whether a port can be had; where an address is not ours to begin with, another one will be."""
    return why_not(host, port) not in (errno.EADDRINUSE, errno.EACCES)
