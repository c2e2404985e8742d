"""Every address, room by room."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("reknit.care.measures.urls")),  # first: the phone forms are asked for most at once
    path("", include("reknit.care.home.urls")),
    path("", include("reknit.base.accounts.urls")),
    path("", include("reknit.care.people.urls")),
    path("", include("reknit.care.intake.urls")),
    path("", include("reknit.care.safety.urls")),
    path("", include("reknit.care.programme.urls")),
    path("", include("reknit.care.medication.urls")),
    path("", include("reknit.care.materials.urls")),
    path("", include("reknit.care.substance_use.urls")),
    path("", include("reknit.care.formulation.urls")),
    path("", include("reknit.care.network.urls")),
    path("", include("reknit.care.coordination.urls")),
    path("", include("reknit.care.encounters.urls")),
    path("", include("reknit.care.groups.urls")),
    path("", include("reknit.care.outcomes.urls")),
    path("", include("reknit.care.closure.urls")),
    path("", include("reknit.care.supervision.urls")),
    path("", include("reknit.care.learning.urls")),
    path("", include("reknit.care.billing.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("styleguide/", include("reknit.base.ui.urls")))
