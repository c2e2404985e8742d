"""A bare Django application in one file, with the middleware of `startproject`: store a row with JSON answers; list
50 rows."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="the peer holds no secret",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    # What `startproject` gives, as every Django site has it.
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(os.environ["PEER_DATA"]) / "peer.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402


class Row(models.Model):
    """One stored sheet."""

    name = models.CharField(max_length=40)
    answers = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "contenttypes"
        db_table = "row"

    def __str__(self) -> str:
        return self.name


LIST = engines["django"].from_string(
    "<ul>{% for row in rows %}<li>{{ row.name }} {{ row.at|date:'j F Y' }}</li>{% endfor %}</ul>"
)


@csrf_exempt
def store(request: HttpRequest) -> HttpResponse:
    """Store one row."""
    row = Row.objects.create(name="sheet", answers=json.loads(request.body))
    return JsonResponse({"id": row.pk})


def show(request: HttpRequest) -> HttpResponse:
    """List 50 rows."""
    return HttpResponse(LIST.render({"rows": Row.objects.order_by("-id")[:50]}))


urlpatterns = [path("store", store), path("list", show)]
application = get_wsgi_application()


def serve(port: int, threads: int) -> None:
    """Make the table, fill 50 rows, serve."""
    with connection.schema_editor() as editor:
        editor.create_model(Row)
    Row.objects.bulk_create([Row(name=f"sheet {n}", answers={"a": n}) for n in range(50)])
    connection.close()
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server: Any = Server(
        "peer",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        websockets=False,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=lambda _name: application)


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
