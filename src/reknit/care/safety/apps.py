from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "reknit.care.safety"
    label = "safety"
