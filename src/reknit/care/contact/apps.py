from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "reknit.care.contact"
    label = "contact"
