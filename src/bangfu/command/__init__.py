"""The command line `bangfu`: one module of this room, one command. Words in, sentences or --json out.

Exit status: 0 done, 1 refused or something to look at, 2 the command was not understood.
"""

import importlib
import pkgutil

import click

from bangfu import __version__
from bangfu.engine.refusal import Refusal

CONTEXT = {"help_option_names": ["-h", "--help"]}
NOT_COMMANDS = {"start", "trace", "new_pack"}  # parts of other commands


class Refused(click.ClickException):
    """A verb said no: its sentence goes to the error stream, exit status 1."""

    def show(self, file=None) -> None:
        click.echo(f"✗ {self.message}", err=True, file=file)


class Commands(click.Group):
    """Finds its commands in this folder and imports only the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(
            module.name for module in pkgutil.iter_modules(__path__) if module.name not in NOT_COMMANDS
        )

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        return getattr(importlib.import_module(f"{__name__}.{name}"), name)

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise Refused(refusal.sentence) from refusal


@click.group(cls=Commands, context_settings=CONTEXT)
@click.version_option(__version__, prog_name="bangfu")
def cli() -> None:
    """帮扶：记一次，处处用。"""


def main() -> None:
    """This function will run the command line and end the process with its exit status."""
    cli(prog_name="bangfu")
