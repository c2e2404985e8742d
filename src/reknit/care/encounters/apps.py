from django.apps import AppConfig


class EncountersConfig(AppConfig):
    name = "reknit.care.encounters"
    label = "encounters"
