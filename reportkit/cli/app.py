"""The Typer application: global options, and one module a command."""

from __future__ import annotations

import ast
import importlib
from keyword import iskeyword
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from reportkit.cli.console import tolerant_streams
from reportkit.cli.errors import handled

_COMMANDS = (
    "demo", "forms", "check", "import", "plan", "run", "status", "stage", "adopt", "issue",
    "correct", "archive", "verify", "diff", "sheets", "deliver", "remind", "confirm", "rollover",
    "purge", "fonts", "schedule",
)  # fmt: skip
_MODULES = {"import": "importing"}
"""Those that are not called as their command is."""


class _Command(TyperCommand):
    """A command of the module of its name, which is imported when the command is called."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._module = _MODULES.get(name, name)
        self._function = f"{name}_" if iskeyword(name) else name

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first line of its docstring, which is read without importing the module."""
        text = Path(__file__).with_name(f"{self._module}.py").read_text(encoding="utf-8")
        for each in ast.parse(text).body:
            if isinstance(each, ast.FunctionDef) and each.name == self._function:
                self.help = ast.get_docstring(each)
        return super().get_short_help_str(limit)

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """That of the command as its module has it."""
        module = importlib.import_module(f"reportkit.cli.{self._module}")
        called = getattr(module, "app", None)
        if called is None:
            called = typer.Typer(add_completion=False, rich_markup_mode=None)
            called.command(self.name)(handled(getattr(module, self._function)))
        return typer.main.get_command(called).make_context(*args, **extra)


class _Commands(TyperGroup):
    """All commands; none of their modules is imported before it is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name in _COMMANDS:
            self.add_command(_Command(name))


app = typer.Typer(
    name="reportkit",
    cls=_Commands,
    help="Turns many units' records into official circulars: one notebook, many units and years.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("reportkit")
        except PackageNotFoundError:
            number = "(not installed)"
        typer.echo(f"reportkit {number}")
        raise typer.Exit()


@app.callback()
def _main(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(help="The workbook's folder (default: here, or the nearest one upward)."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    tolerant_streams()
    context.obj = home
