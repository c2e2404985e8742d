from django.apps import AppConfig


class ClosureConfig(AppConfig):
    name = "reknit.care.closure"
    label = "closure"
