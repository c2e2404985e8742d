from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "reknit.care.supervision"
    label = "supervision"
