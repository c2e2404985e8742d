"""Addresses of this room. None of them holds an alias."""

from django.urls import path

from .views import client, clinician, over_time, quick, relationship, version

app_name = "network"
people = "clients/<uuid:client_id>/people/"
urlpatterns = [
    path(people, clinician.circle_show, name="circle-show"),
    path(people + "add/", clinician.relationship_add, name="relationship-add"),
    path(people + "several/", quick.people_add, name="people-add"),
    path(people + "rings/", clinician.circle_arrange, name="circle-arrange"),
    path(people + "ties/", clinician.tie_add, name="tie-add"),
    path(people + "ties/asked/", clinician.ties_asked, name="ties-asked"),
    path(people + "ties/<uuid:tie_id>/remove/", clinician.tie_remove, name="tie-remove"),
    path(people + "course/", over_time.circle_play, name="circle-play"),
    path(people + "then-now/", over_time.then_now, name="then-now"),
    path(people + "sign/", version.circle_sign, name="circle-sign"),
    path(people + "versions/<int:number>/", version.version_show, name="version-show"),
    path(people + "versions/<int:number>/show/", version.version_release, name="version-release"),
    path(people + "versions/<int:number>/take-back/", version.version_take_back, name="version-take-back"),
    path(people + "<uuid:relationship_id>/", relationship.relationship_show, name="relationship-show"),
    path(people + "<uuid:relationship_id>/edit/", relationship.relationship_edit, name="relationship-edit"),
    path(people + "<uuid:relationship_id>/place/", clinician.mark_place, name="mark-place"),
    path(
        people + "<uuid:relationship_id>/aside/", relationship.relationship_aside, name="relationship-aside"
    ),
    path(people + "<uuid:relationship_id>/back/", relationship.relationship_back, name="relationship-back"),
    path("my/people/", client.my_people, name="my-people"),
]
