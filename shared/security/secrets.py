"""Secrets as settings: values of the environment, or files of ``SECRETS_DIR`` that may change at run time."""

import asyncio
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from shared.runtime.reloaded_file import ReloadedFile

_LOOK_AGAIN_SECONDS = 0.05

Lines = tuple[str, ...]


class Secret:
    """A secret. Neither its text nor a part of it is ever printed.

    It may hold several lines, which is how both sides of it change one after the other:
    the first is sent, all are accepted.
    """

    def __init__(self, text: str) -> None:
        self._given = _lines(text)
        self._file: ReloadedFile[Lines] | None = None
        self._waited_for_another_than = ""

    @classmethod
    def of_file(cls, path: Path) -> "Secret":
        """The secret that a file holds now, whenever it is asked for.

        Raises:
            ValueError, OSError: when the file can't be read or is empty.
        """
        secret = cls("")
        secret._file = ReloadedFile(path, _lines_of_file)
        return secret

    def current(self) -> str:
        """What is sent, or empty when there is none."""
        lines = self.all()
        return lines[0] if lines else ""

    def all(self) -> Lines:
        """What is accepted."""
        return self._file.current() if self._file else self._given

    def accepts(self, presented: str) -> bool:
        """Whether ``presented`` is one of its lines; how long a comparison takes tells nothing of the line."""
        text = presented.encode()
        return any(hmac.compare_digest(text, line.encode()) for line in self.all())

    async def is_replaced(self, rejected: str, seconds: float) -> bool:
        """Whether ``current`` is now another than what somebody has just rejected.

        The file is looked at at once and, the first time that this is rejected, again and again for so many seconds.
        """
        if self._file is None:
            return False
        looks = 1 if rejected == self._waited_for_another_than else round(seconds / _LOOK_AGAIN_SECONDS)
        for _ in range(looks):
            self._file.look()
            if self.current() != rejected:
                return True
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        self._waited_for_another_than = rejected
        return False

    def __repr__(self) -> str:
        return "Secret(**********)"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.no_info_after_validator_function(cls, core_schema.str_schema())
        return core_schema.union_schema([core_schema.is_instance_schema(cls), text], mode="left_to_right")


class SecretFiles(PydanticBaseSettingsSource):
    """Settings from the files of a folder, each named as the variable that it stands for, in capitals or not."""

    def __init__(self, settings_type: type[BaseSettings], folder: Path, variable: Callable[[str], str]) -> None:
        super().__init__(settings_type)
        self._folder = folder
        self._variable = variable

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The value of a field, or None when it has no file.

        Raises:
            ValueError: naming the setting, and its file that is empty or can't be read.
        """
        key = field.validation_alias if isinstance(field.validation_alias, str) else field_name
        variable = self._variable(field_name)
        path = next((path for name in (variable, variable.lower()) if (path := self._folder / name).is_file()), None)
        if path is None:
            return None, key, False
        try:
            return (Secret.of_file(path) if field.annotation is Secret else "\n".join(_lines_of_file(path))), key, False
        except ValueError as error:
            raise ValueError(f"{variable}: {error}") from error

    def __call__(self) -> dict[str, Any]:
        found = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {key: value for value, key, _ in found if value is not None}


def _lines_of_file(path: Path) -> Lines:
    try:
        lines = _lines(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"the file {path} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"the file {path} is no text") from error
    if not lines:
        raise ValueError(f"the file {path} is empty")
    return lines


def _lines(text: str) -> Lines:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
