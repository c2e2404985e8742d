from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "reknit.care.home"
    label = "home"
