from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "reknit.base.ui"
    label = "ui"
