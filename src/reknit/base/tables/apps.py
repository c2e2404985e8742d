from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "reknit.base.tables"
    label = "tables"
