from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "reknit.care.network"
    label = "network"
