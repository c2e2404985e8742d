from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "reknit.base.jobs"
    label = "jobs"
