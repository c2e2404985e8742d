"""Make every table of an empty database from the models, as they are now. See decision 16.

A migration draws the models of the whole clinic anew at each of its steps, which takes a new database a minute. What
the migrations come to is known beforehand: the models, and the guards that refuse to change what was signed.
"""

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython

OURS = "reknit."


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Does the database hold no table at all?"""
    return not connection.introspection.table_names()


def make_tables(connection: BaseDatabaseWrapper) -> None:
    """Make all tables and guards, and write down every migration as applied: all of it, or nothing at all.

    A guard that is put up twice, as SQLite made its table anew in between, must therefore take the first one down.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    with connection.schema_editor(atomic=True) as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for migration, _backwards in plan:
            for operation in migration.operations:
                if isinstance(operation, RunPython) and migration.__module__.startswith(OURS):
                    operation.code(apps, editor)  # type: ignore[arg-type]  # the models of today are what they will be
        executor.recorder.ensure_schema()
        for migration, _backwards in plan:
            for app, name in migration.replaces or [(migration.app_label, migration.name)]:
                executor.recorder.record_applied(app, name)
