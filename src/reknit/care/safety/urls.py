"""Addresses of this room."""

from django.urls import path

from . import views

app_name = "safety"
urlpatterns = [
    path("risk/", views.risk_board, name="risk-board"),
    path("risk/<uuid:item_id>/", views.risk_show, name="risk-show"),
    path("clients/<uuid:client_id>/risk/", views.risk_client, name="risk-client"),
]
