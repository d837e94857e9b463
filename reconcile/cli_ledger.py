"""What the commands about payments share: their common options, the open ledger, and telling a table or JSON."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from reconcile.errors import LedgerError

if TYPE_CHECKING:
    from reconcile.ledger import Ledger

Command = TypeVar("Command", bound=Callable[..., Any])


def with_options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Return what gives a command several options, in this order."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


COMMON: Final = with_options(
    click.option("--ledger", type=click.Path(path_type=Path), help="The embedded ledger's file."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
)
"""The options that every command has."""


def look(path: Path | None, read: Callable[[Ledger], Any]) -> Any:
    """Open the ledger, read, and let go of it as it was."""
    from reconcile.ledger import open_ledger

    with open_ledger(ledger_path(path)) as ledger:
        return read(ledger)


def tell(told: Any, print_it: Callable[..., None], *, as_json: bool) -> None:
    """Print what is told as JSON, or as `print_it` does on a console."""
    from rich.console import Console

    from reconcile.report.payment_texts import plain_values

    if as_json:
        click.echo(json.dumps(plain_values(told), indent=2, ensure_ascii=False))
    else:
        print_it(told, Console())


def ledger_path(given: Path | None) -> Path:
    """Return the ledger's file: the one that is named, or the configured one.

    Raises:
        LedgerError: it is not there.
    """
    from reconcile.config import load

    path = given or load().output_in_use()[0]
    if not path.is_file():
        message = f"{path}: there is no ledger; `reconcile run` makes it, --ledger names another"
        raise LedgerError(message)
    return path


def login() -> str:
    """Return who is logged in; '' where nobody has a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no login name: a container without a user
        return ""
