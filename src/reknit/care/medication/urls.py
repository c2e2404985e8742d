"""Addresses of this room."""

from django.urls import path

from . import views

app_name = "medication"
urlpatterns = [
    path("clients/<uuid:client_id>/medication/", views.medication_list, name="medication-list"),
    path("clients/<uuid:client_id>/medication/add/", views.medication_add, name="medication-add"),
    path("clients/<uuid:client_id>/medication/review/", views.review_add, name="review-add"),
    path("clients/<uuid:client_id>/medication/<uuid:key>/", views.medication_show, name="medication-show"),
]
