from django.apps import AppConfig


class SubstanceUseConfig(AppConfig):
    name = "reknit.care.substance_use"
    label = "substance_use"
