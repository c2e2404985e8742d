from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "reknit.care.learning"
    label = "learning"
