from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "reknit.care.consent"
    label = "consent"
