"""What ``make subgraph``, ``make subgraph-update`` and ``make subgraph-remove`` do to the tree."""

import asyncio
import contextlib
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from tilt.embedded.errors import MeshError
from tilt.embedded.lock import MeshLock
from tilt.embedded.manifest import Manifest, callers, read_manifests
from tilt.embedded.running import settings_of_running_mesh
from tilt.embedded.settings import Settings, load_settings
from tilt.scaffold import data, derived, registration, template
from tilt.scaffold.names import Answers, answers_for

Say = Callable[[str], None]

_WELCOME = """\
{name} is there: {files} files, of which subgraphs/{name}/README.md is the first to read. A mesh that runs takes it in.

  Ask it:       {{ products(first: 1) {{ nodes {{ title {name} {{ nodes {{ id }} }} }} }} }}
  Its tests:    make test SUBGRAPH={name}
  What next:    docs/teams/README.md"""
_UPDATED = """\
{name} has what changed in the template. Look at it (git diff), mend what stands between <<<<<<< and >>>>>>>, commit."""
_GONE = """\
{name} is gone: files, lists, database, role, topics. What was committed of it is in git's history."""


def add(root: Path, name: str, rpc: bool, say: Say) -> None:
    """Makes a subgraph; when something fails on the way, nothing of it stays.

    Raises:
        MeshError: why it can't be made.
    """
    answers = answers_for(root, name, rpc)
    with template.rendered(root, answers) as folder:
        files = template.files_in(folder)
        _require_room(root, files)
        try:
            shutil.copytree(folder, root, dirs_exist_ok=True)
            derived.complete(root, answers, files)
            registration.enter(root, answers)
            derived.write_lists(root)
        except BaseException:
            _take_back(root, name, files)
            raise
    say(_WELCOME.format(name=name, files=len(files)))


def update(root: Path, name: str, say: Say) -> None:
    """Brings later changes of the template to a subgraph.

    Raises:
        MeshError: why it can't.
    """
    template.update(root, name)
    derived.write_lists(root)
    say(_UPDATED.format(name=name))


def files_of(root: Path, name: str) -> list[Path]:
    """What of a tree belongs to a subgraph of the template, relative; a folder stands for all that is in it.

    Raises:
        MeshError: when it was not made by the template, or another one relies on it.
    """
    manifests = read_manifests(root)
    if name not in manifests:
        raise MeshError(f"NAME={name}: there is no such subgraph; there are {', '.join(manifests)}")
    _require_unneeded(manifests, name)
    with template.rendered(root, _kept_answers(root, name)) as folder:
        own = {_whole(file, name) for file in template.files_in(folder)}
    others = (derived.image_lock(root, name).relative_to(root), derived.proto_of(name).parents[1])
    return sorted(file for file in own | set(others) if (root / file).exists())


def remove(root: Path, name: str, files: Iterable[Path], say: Say) -> None:
    """Takes a subgraph out of the tree, and out of the data folder of its mesh.

    Raises:
        MeshError: when a part of it can't be forgotten.
    """
    settings, topics = _settings(), data.topics_of(root, name)
    _take_out(root, name, files)
    derived.write_lists(root)
    asyncio.run(data.forget(settings, name, topics))
    say(_GONE.format(name=name))


def _settings() -> Settings:
    """Those of the mesh that runs in our data folder; without one, those of the environment."""
    settings = load_settings()
    folder = settings.mercato_data_dir
    return settings_of_running_mesh(folder) if MeshLock(folder).holder() else settings


def _take_back(root: Path, name: str, files: Iterable[Path]) -> None:
    """What was begun: whoever hears of the failure shall find the tree as it was."""
    _take_out(root, name, [*files, derived.image_lock(root, name).relative_to(root), derived.proto_of(name).parents[1]])
    with contextlib.suppress(MeshError):
        derived.write_lists(root)


def _take_out(root: Path, name: str, files: Iterable[Path]) -> None:
    registration.strike(root, name)
    for file in files:
        path = root / file
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        _prune(path.parent, root)


def _prune(folder: Path, root: Path) -> None:
    """Folders that hold nothing any more."""
    with contextlib.suppress(OSError):
        while folder != root:
            folder.rmdir()
            folder = folder.parent


def _whole(file: Path, name: str) -> Path:
    """The folder of a file that is the subgraph's alone, with what its team has put there."""
    own = [parent for parent in file.parents if parent.name == name]
    return own[-1] if own else file


def _require_room(root: Path, files: Iterable[Path]) -> None:
    for file in files:
        if (root / file).exists():
            raise MeshError(f"{file} is in the way: move it, or choose another name")


def _require_unneeded(manifests: dict[str, Manifest], name: str) -> None:
    needing = [each.name for each in manifests.values() if name in each.needs] + list(callers(manifests, name))
    if needing:
        raise MeshError(f"NAME={name}: {', '.join(sorted(set(needing)))} can't do without it")


def _kept_answers(root: Path, name: str) -> Answers:
    file = root / template.answers_file(name)
    if not file.exists():
        raise MeshError(f"NAME={name}: there is no {template.answers_file(name)}: it was not made by `make subgraph`")
    kept = yaml.safe_load(file.read_text())
    return Answers(**{field: kept[field] for field in Answers.__slots__})
