from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "reknit.care.billing"
    label = "billing"
