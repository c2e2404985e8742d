"""Nobody sees a page without signing in, unless the page says that it is open to all."""

from django.contrib.auth.middleware import LoginRequiredMiddleware


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs a sign-in, save those marked `login_not_required`."""
