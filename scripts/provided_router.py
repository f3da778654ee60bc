"""Puts what the router's image is made of into k8s/images/provided, and prints which router that is.

    python3 scripts/provided_router.py [--router binary | node | published] [--built]

Without a choice it is our Hive Router (router/hive), or the one that HIVE_ROUTER names,
and the Node router where there is neither. With --built ours is taken only if it was built before.
"""

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PROVIDED = REPOSITORY / "k8s" / "images" / "provided"
BUILD = REPOSITORY / "router" / "hive" / "build"
ROUTERS = ("binary", "node", "published")
STOCK = (
    "The router's image gets the Hive Router of the PATH:"
    " it lacks our guards and /metrics (router/README.md tells what else)."
)


class RouterMissingError(Exception):
    """Its text is what a person reads."""


def provide(wanted: str | None, only_built: bool = False) -> str:
    """Provide what is wanted, or the best that there is; what was provided is the build argument ROUTER.

    Raises:
        RouterMissingError: when a binary is wanted and there is none, or npm fails.
    """
    if wanted == "published":
        return wanted
    binary = None if wanted == "node" else own_binary(only_built) or (stock_binary() if wanted == "binary" else None)
    if binary:
        provide_binary(binary)
        return "binary"
    if wanted == "binary":
        return provided_before()
    provide_node_modules()
    return "node"


def own_binary(only_built: bool) -> Path | None:
    """The one that HIVE_ROUTER names, or ours, which is built if it may and can be."""
    if named := os.environ.get("HIVE_ROUTER"):
        return Path(named)
    done = run_build("--built")
    if done.returncode and not only_built and shutil.which("cargo"):
        print(
            "Building our Hive Router: 20 to 30 minutes the first time, a minute after changes of it.",
            file=sys.stderr,
            flush=True,
        )
        done = run_build()
    return None if done.returncode else Path(done.stdout.splitlines()[-1])


def run_build(*options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, str(BUILD), *options], stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own


def stock_binary() -> Path | None:
    """The one of the PATH, for who asks for a binary and has none of ours."""
    found = shutil.which("hive_router") or shutil.which("hive-router")
    if found:
        print(STOCK, file=sys.stderr)
    return Path(found) if found else None


def provide_binary(binary: Path) -> None:
    """Copy it, unless it lies there already: engines and Tilt take a file of another time for another file."""
    target = PROVIDED / "hive_router"
    if not target.exists() or not filecmp.cmp(binary, target, shallow=False):
        shutil.copy2(binary, target)


def provided_before() -> str:
    """What somebody has put there by hand."""
    if not (PROVIDED / "hive_router").exists():
        raise RouterMissingError(
            "--router binary: ours can't be built (Rust 1.97 is needed), and there is no hive_router on the PATH nor in"
            " k8s/images/provided; take node or published."
        )
    return "binary"


def provide_node_modules() -> None:
    """Fetch the packages here where there is npm, since a build may have no registry to ask.

    Once for each lock file.
    """
    folder, lock = PROVIDED / "router", REPOSITORY / "router" / "package-lock.json"
    if shutil.which("npm") is None or is_provided(folder, lock):
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(REPOSITORY / "router" / name, folder)
    command = ["npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - of our own
    if done.returncode:
        shutil.rmtree(folder)
        raise RouterMissingError(f"`npm ci` fails: {done.stderr.strip()}")


def is_provided(folder: Path, lock: Path) -> bool:
    """Whether the packages of this very lock file lie there, whole: npm writes its own list last."""
    written = (folder / "node_modules" / ".package-lock.json", folder / "package-lock.json")
    return all(file.exists() for file in written) and filecmp.cmp(lock, written[1], shallow=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--router", choices=ROUTERS)
    parser.add_argument("--built", action="store_true", help="build nothing that takes half an hour")
    options = parser.parse_args()
    try:
        print(provide(options.router, options.built))
    except (RouterMissingError, OSError) as error:
        sys.exit(f"mercato: {error}")


if __name__ == "__main__":
    main()
