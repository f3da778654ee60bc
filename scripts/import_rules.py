"""Rules of import-linter that are our own; ``pyproject.toml`` says what they hold for."""

from collections.abc import Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules


class AllowedContract(Contract):
    """Modules import nothing but what is listed, and their own package."""

    type_name = "allowed"

    packages = fields.ListField(subfield=fields.ModuleExpressionField())
    allowed = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Looks at each import of each module of the packages."""
        expressions: Any = self.packages  # fields hold what was written in pyproject.toml when a contract is checked
        packages = module_expressions_to_modules(graph, expressions, as_packages=False)
        others = [link for package in packages for link in self._others(graph, package.name)]
        return ContractCheck(kept=not others, metadata={"others": others})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Names each import that is not allowed."""
        for importer, imported in check.metadata["others"]:
            output.print_error(f"{importer} imports {imported}, which is not on the list", bold=False)

    def _others(self, graph: ImportGraph, package: str) -> Iterator[tuple[str, str]]:
        listed: Any = self.allowed
        allowed = {package, *listed}
        for importer in sorted({package, *graph.find_descendants(package)}):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                if not any(imported == name or imported.startswith(f"{name}.") for name in allowed):
                    yield importer, imported
