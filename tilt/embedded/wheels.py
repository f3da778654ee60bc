"""Where a wheel put its files; without importing the package, which may take long and mean no good to a server."""

from importlib.util import find_spec
from pathlib import Path

from tilt.embedded.errors import MeshError


def wheel_file(package: str, pattern: str) -> Path:
    """The one file of an installed package that matches."""
    specification = find_spec(package)
    folders = specification.submodule_search_locations if specification else None
    for folder in folders or ():
        for found in Path(folder).glob(pattern):
            return found
    raise MeshError(f"{package} is not installed for this kind of machine: run `make install`.")
