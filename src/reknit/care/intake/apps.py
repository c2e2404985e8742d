from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "reknit.care.intake"
    label = "intake"
