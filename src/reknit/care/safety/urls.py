"""Addresses of this room."""

from django.urls import path

from .views import items, plans

app_name = "safety"
urlpatterns = [
    path("risk/", items.risk_board, name="risk-board"),
    path("risk/<uuid:item_id>/", items.risk_show, name="risk-show"),
    path("clients/<uuid:client_id>/risk/", items.risk_client, name="risk-client"),
    path("clients/<uuid:client_id>/risk/withdrawal/", plans.withdrawal_screen, name="withdrawal-screen"),
    path("clients/<uuid:client_id>/risk/medical-review/", plans.medical_review, name="medical-review"),
    path("clients/<uuid:client_id>/risk/overdose/", plans.overdose_plan, name="overdose-plan"),
    path("clients/<uuid:client_id>/risk/plan/", plans.safety_plan, name="safety-plan"),
    path("clients/<uuid:client_id>/risk/plan/share/", plans.safety_plan_share, name="safety-plan-share"),
    path("clients/<uuid:client_id>/risk/violence/", plans.violence_flag, name="violence-flag"),
]
