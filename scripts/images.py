"""Builds the images of the mesh with docker, podman or buildah, whichever is there; docker goes where DOCKER_HOST says.

    python3 scripts/images.py [--subgraphs orders users] [--tag dev] [--demonstration] [--base IMAGE]
                              [--registry HOST/PATH] [--router WAY]

Those of the tag dev can fill a demonstration shop, and those of a version by --demonstration: they hold seeds/.
With a registry they are pushed there, too. What a build can't download is handed to it in k8s/images/provided: a router
(provided_router.py) and Kafka's jars that `make install` fetched. docs/deployment/images.md tells the rest.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import provided_router
from names import SUBGRAPHS

REPOSITORY = Path(__file__).resolve().parents[1]
PROVIDED = REPOSITORY / "k8s" / "images" / "provided"
LOGS = REPOSITORY / "build" / "images"
# The tag that overlays and charts with a demonstration shop say; those for customers say a version.
DEVELOPMENT = "dev"
DEFAULT_BASE = "python:3.13-slim"
DEFAULT_NODE_BASE = "node:22-slim"
# Engines without BuildKit build a step that two images share twice when both are built at once: the first goes ahead.
AT_ONCE = 2


class ImageError(Exception):
    """Its text is what a person reads."""


@dataclass(frozen=True)
class Engine:
    """A program that builds images: what it is called and how it is told to build."""

    program: str
    build: Sequence[str]

    def answers(self) -> bool:
        """Whether it is installed, and its server there if it has one."""
        return shutil.which(self.program) is not None and succeeds([self.program, "version"])

    def can_pull(self, image: str) -> bool:
        return succeeds([self.program, "pull", image])

    def size(self, image: str) -> str:
        """As the engine writes it, such as 287MB."""
        return output([self.program, "images", "--format", "{{.Size}}", image]).splitlines()[0]


ENGINES = (
    Engine("docker", ("docker", "build")),
    Engine("podman", ("podman", "build", "--layers")),
    Engine("buildah", ("buildah", "build", "--layers")),
)


@dataclass(frozen=True)
class Image:
    """One image: its name, its Dockerfile, the arguments that are its own, and a stage that is not the last."""

    name: str
    dockerfile: str
    arguments: tuple[str, ...] = ()
    stage: str = ""


def main() -> None:
    """The command."""
    options = parse_arguments()
    try:
        build_all(find_engine(), options)
    except ImageError as error:
        sys.exit(f"mercato: {error}")


def build_all(engine: Engine, options: argparse.Namespace) -> None:
    """Build them, print a line each, and push them where a registry is given."""
    provide_jars()
    stage = "demonstration" if options.demonstration or options.tag == DEVELOPMENT else ""
    images = [Image(f"mercato/{name}", "subgraph", (f"SUBGRAPH={name}",), stage) for name in options.subgraphs]
    images.append(Image("mercato/backends", "backends"))
    build(engine, images[0], options)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda image: build(engine, image, options), images[1:]))
    # Last, for our Hive Router may still be being built.
    build(engine, Image("mercato/router", "router", router_arguments(engine, options.router)), options)
    print(f"{options.base} below them has {engine.size(options.base)}")


def build(engine: Engine, image: Image, options: argparse.Namespace) -> None:
    """Build one; its output is kept in build/images, and its end is part of the error if it fails."""
    started = time.monotonic()
    name = "/".join(filter(None, (options.registry, f"{image.name}:{options.tag}")))
    arguments = [f"BASE={options.base}", f"VERSION={options.tag}", *source_arguments(), *image.arguments]
    flags = [text for argument in arguments for text in ("--build-arg", argument)]
    flags += ["--target", image.stage] if image.stage else []
    run_logged(image, [*engine.build, "-f", f"k8s/images/{image.dockerfile}.Dockerfile", *flags, "-t", name, "."])
    if options.registry:
        run_logged(image, [engine.program, "push", name])
    print(f"{name:<40} {engine.size(name):>8} {time.monotonic() - started:6.1f} s", flush=True)


def run_logged(image: Image, command: Sequence[str]) -> None:
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{image.name.partition('/')[2]}.log"
    with log.open("wb") as file:
        done = subprocess.run(command, cwd=REPOSITORY, stdout=file, stderr=subprocess.STDOUT)  # noqa: S603 - our own
    if done.returncode:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise ImageError(
            f"{image.name}: `{command[0]} {command[1]}` fails, {log.relative_to(REPOSITORY)} ends with\n{end}"
        )


def source_arguments() -> list[str]:
    """What the labels say of where it comes from; the commit's own time, so that the same commit is the same image."""
    commit, when = output(["git", "log", "-1", "--format=%H %ct"]).split()
    created = datetime.fromtimestamp(int(when), UTC).isoformat()
    return [f"REVISION={commit}", f"CREATED={created}", f"SOURCE={os.environ.get('SOURCE', 'unknown')}"]


def router_arguments(engine: Engine, wanted: str | None) -> tuple[str, ...]:
    """Which router, and what the Node router's image begins with."""
    try:
        router = provided_router.provide(wanted)
    except provided_router.RouterMissingError as error:
        raise ImageError(error) from error
    if router != "node":
        return (f"ROUTER={router}",)
    return ("ROUTER=node", f"NODE_BASE={DEFAULT_NODE_BASE if engine.can_pull(DEFAULT_NODE_BASE) else 'wheel'}")


def provide_jars() -> None:
    """Those of `make install`, if it has been here; a build downloads the others."""
    fetched = Path(os.environ.get("MERCATO_JARS_DIR", REPOSITORY / ".mercato" / "jars"))
    (PROVIDED / "jars").mkdir(exist_ok=True)
    for jar in fetched.glob("*.jar"):
        if not (PROVIDED / "jars" / jar.name).exists():
            shutil.copy2(jar, PROVIDED / "jars")


def find_engine() -> Engine:
    """The first one that answers."""
    for engine in ENGINES:
        if engine.answers():
            return engine
    raise ImageError(
        "Neither docker nor podman nor buildah answers: install one, or say in DOCKER_HOST where docker's server is."
    )


def succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0  # noqa: S603 - commands of our own


def output(command: Sequence[str]) -> str:
    """What a command writes; ImageError with its complaint when it fails."""
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)  # noqa: S603 - commands of our own
    if done.returncode:
        raise ImageError(f"`{' '.join(command[:3])}` fails: {done.stderr.strip()}")
    return done.stdout.strip()


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Builds the images of the mesh.")
    parser.add_argument(
        "--subgraphs", nargs="+", choices=SUBGRAPHS, default=SUBGRAPHS, metavar="NAME", help="(default: all)"
    )
    parser.add_argument(
        "--tag", default=DEVELOPMENT, help="also what the label says for a version (default: %(default)s)"
    )
    parser.add_argument(
        "--demonstration", action="store_true", help=f"with a demonstration shop, as those of {DEVELOPMENT} are"
    )
    parser.add_argument(
        "--base", default=DEFAULT_BASE, help="an image with Python 3.11 or later and pip (default: %(default)s)"
    )
    parser.add_argument("--registry", default="", help="goes before the names, and they are pushed there")
    parser.add_argument(
        "--router",
        choices=provided_router.ROUTERS,
        help="(default: binary, our Hive Router, if it can be built here, else node)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
