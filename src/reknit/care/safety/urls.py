"""Addresses of this room."""

from django.urls import path

from .views import danger, items, orders, plans, safeguarding, volume

app_name = "safety"
urlpatterns = [
    path("risk/", items.risk_board, name="risk-board"),
    path("risk/<uuid:item_id>/", items.risk_show, name="risk-show"),
    path("risk/<uuid:item_id>/take/", items.risk_take, name="risk-take"),
    path("risk/weeks/", volume.risk_volume, name="risk-volume"),
    path("clients/<uuid:client_id>/risk/", items.risk_client, name="risk-client"),
    path("clients/<uuid:client_id>/risk/suicide/", danger.formulation_show, name="formulation-show"),
    path("clients/<uuid:client_id>/risk/tolerance/", danger.tolerance_add, name="tolerance-add"),
    path(
        "clients/<uuid:client_id>/risk/tolerance/<uuid:task_id>/",
        danger.tolerance_settle,
        name="tolerance-settle",
    ),
    path("safeguarding/", safeguarding.safeguarding_list, name="safeguarding-list"),
    path("safeguarding/duties/", safeguarding.duty_list, name="duty-list"),
    path("safeguarding/duties/<slug:concern>/", safeguarding.duty_change, name="duty-change"),
    path("safeguarding/<uuid:record_id>/", safeguarding.safeguarding_show, name="safeguarding-show"),
    path(
        "clients/<uuid:client_id>/risk/safeguarding/", safeguarding.safeguarding_add, name="safeguarding-add"
    ),
    path("clients/<uuid:client_id>/risk/withdrawal/", plans.withdrawal_screen, name="withdrawal-screen"),
    path("clients/<uuid:client_id>/risk/medical-review/", plans.medical_review, name="medical-review"),
    path("clients/<uuid:client_id>/risk/overdose/", plans.overdose_plan, name="overdose-plan"),
    path("clients/<uuid:client_id>/risk/plan/", plans.safety_plan, name="safety-plan"),
    path("clients/<uuid:client_id>/risk/plan/share/", plans.safety_plan_share, name="safety-plan-share"),
    path("clients/<uuid:client_id>/risk/violence/", plans.violence_flag, name="violence-flag"),
    path("clients/<uuid:client_id>/risk/apart/", orders.order_add, name="order-add"),
    path("clients/<uuid:client_id>/risk/apart/<uuid:order_id>/lift/", orders.order_lift, name="order-lift"),
]
