from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "reknit.base.accounts"
    label = "accounts"
