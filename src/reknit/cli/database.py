"""Bringing the database to this version: reachable, not newer than this program, every migration applied."""

from typing import TYPE_CHECKING

from .errors import CommandError

if TYPE_CHECKING:
    from django.db.migrations.executor import MigrationExecutor


def bring_up_to_date() -> int:
    """Apply what is missing and return how many migrations that was. Whatever fails, nothing is served."""
    from django.core.management import call_command
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
        executor = checked_executor()
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise CommandError(database_sentence(error)) from error
    return len(missing)


def checked_executor() -> "MigrationExecutor":
    """What is applied and what is known, once it is clear that nothing unknown was applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    replaced = {old for migration in executor.loader.disk_migrations.values() for old in migration.replaces}
    unknown = sorted(set(executor.loader.applied_migrations) - known - replaced)
    if unknown:
        app, name = unknown[0]
        raise CommandError(
            f"a newer Reknit made the database (it holds {app}.{name}, which this one does not know); "
            "bring this copy up to date, or set REKNIT_DATA to another folder."
        )
    return executor


def database_sentence(error: Exception) -> str:
    """Which database, and its own reason in one line. Never the password that its address may hold."""
    from django.db import connection

    reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"the database {settings['NAME']} cannot be used: {reason}."
    password = settings.get("PASSWORD")
    if password:
        reason = reason.replace(password, "***")
    place = f"{settings.get('HOST') or 'the local socket'}:{settings.get('PORT') or 5432}"
    return f"the PostgreSQL database {settings['NAME']} at {place} cannot be used: {reason.rstrip('.')}."
