from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "reknit.care.coordination"
