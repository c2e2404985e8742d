"""Django's `migrate`, which makes the tables of an empty database at once."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as DjangosMigrate
from django.db import connections

from reknit.base.tables.at_once import is_empty, make_tables

# What asks for something else than a database that is up to date.
PARTLY = ("app_label", "fake", "fake_initial", "plan", "check_unapplied", "prune", "step_by_step")


class Command(DjangosMigrate):
    """Make an empty database at once, then go on as Django does."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's options and one of ours."""
        super().add_arguments(parser)
        parser.add_argument(
            "--step-by-step",
            action="store_true",
            help="apply every migration one after the other, in an empty database too",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Django's own run follows in any case: it makes what belongs to the tables, permissions for one."""
        connection = connections[options["database"]]
        if not any(options.get(name) for name in PARTLY) and is_empty(connection):
            make_tables(connection)
        super().handle(*args, **options)
