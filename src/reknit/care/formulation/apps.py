from django.apps import AppConfig


class FormulationConfig(AppConfig):
    name = "reknit.care.formulation"
    label = "formulation"
