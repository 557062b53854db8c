"""What commands share: waking Django, a database that is up to date, a progress bar on long work."""

import os
import sys

import click


def start() -> None:
    """This function will wake Django up, with bangfu.settings unless the environment names another module."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bangfu.settings")
    import django

    django.setup()


def bring_database_up_to_date() -> None:
    """This function will apply the migrations that are missing; there is nothing to say when none is."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    keep_limits()


def keep_limits() -> None:
    """This function will write down each school's caps of pairs anew: plans taken into use before there were any."""
    from bangfu.flow import adopt, clock
    from bangfu.records.models import School

    for school in School.objects.all():
        adopt.keep_limits(school=school, day=clock.today())


def database_is_up_to_date() -> bool:
    """This function will say whether no migration is missing."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


class Progress:
    """A bar for people, silence for machines. Callable: progress("排出两个学期的记录", done, total)."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.shown = ""
        self.on_a_line = False

    def __call__(self, sentence: str, done: int = 0, total: int = 0) -> None:
        if self.quiet:
            return
        if not total or not sys.stderr.isatty():
            self._line_once(sentence)
            return
        share = min(done / total, 1.0)
        bar = "█" * round(share * 20) + "░" * (20 - round(share * 20))
        if self.shown != sentence:
            self.end()
        click.echo(f"\r  {bar} {share:4.0%}  {sentence}", nl=False, err=True)
        self.shown = sentence
        self.on_a_line = True

    def _line_once(self, sentence: str) -> None:
        if sentence != self.shown:
            self.end()
            click.echo(f"  {sentence}……", err=True)
        self.shown = sentence
        self.on_a_line = False

    def end(self) -> None:
        """This function will close the bar, so that the next sentence starts on a line of its own."""
        if self.on_a_line:
            click.echo("", err=True)
        self.shown = ""
        self.on_a_line = False
