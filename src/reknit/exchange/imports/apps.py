from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "reknit.exchange.imports"
    label = "imports"
