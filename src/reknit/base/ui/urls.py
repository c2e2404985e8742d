"""Only the styleguide has an address of its own."""

from django.urls import path

from . import views

app_name = "ui"
urlpatterns = [path("", views.styleguide, name="styleguide")]
