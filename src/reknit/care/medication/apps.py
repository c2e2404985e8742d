from django.apps import AppConfig


class MedicationConfig(AppConfig):
    name = "reknit.care.medication"
