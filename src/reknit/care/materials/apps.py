from django.apps import AppConfig


class MaterialsConfig(AppConfig):
    name = "reknit.care.materials"
