from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "reknit.care.people"
    label = "people"
