from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "reknit.care.programme"
    label = "programme"
