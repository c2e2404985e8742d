from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "reknit.base.audit"
    label = "audit"
