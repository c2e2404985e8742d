from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "reknit.care.measures"
    label = "measures"
