from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "reknit.base.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to sign-ins."""
        from . import signals  # noqa: F401
