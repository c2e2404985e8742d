"""Addresses of this room."""

from django.urls import path

from .views import items

app_name = "safety"
urlpatterns = [
    path("risk/", items.risk_board, name="risk-board"),
    path("risk/<uuid:item_id>/", items.risk_show, name="risk-show"),
    path("clients/<uuid:client_id>/risk/", items.risk_client, name="risk-client"),
]
