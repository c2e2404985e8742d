"""Addresses of this room."""

from django.urls import path

from . import views

app_name = "intake"
urlpatterns = [
    path("referrals/", views.referral_list, name="referral-list"),
    path("referrals/add/", views.referral_add, name="referral-add"),
    path("referrals/<uuid:referral_id>/", views.referral_show, name="referral-show"),
]
