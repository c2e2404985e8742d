from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "reknit.care.outcomes"
    label = "outcomes"
