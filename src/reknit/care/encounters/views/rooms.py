"""The administrator's list of rooms."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.encounters.access import may_keep_rooms
from reknit.care.encounters.booking.forms import RoomForm
from reknit.care.encounters.booking.queries import rooms_in_use
from reknit.care.encounters.models import Room
from reknit.care.encounters.places import actions


def _keeper(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    may_keep_rooms(user).or_refuse()
    return user


@require_http_methods(["GET", "HEAD", "POST"])
def room_list(request: HttpRequest) -> HttpResponse:
    """Every room in use, and a form to add one."""
    return _page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def room_change(request: HttpRequest, room_id: uuid.UUID) -> HttpResponse:
    """Change a room's name, seats or whether video is set up there."""
    _keeper(request)
    return _page(request, get_object_or_404(Room, pk=room_id, given_up_at=None))


@require_POST
def room_give_up(request: HttpRequest, room_id: uuid.UUID) -> HttpResponse:
    """Give a room up once nothing is booked in it."""
    by = _keeper(request)
    room = get_object_or_404(Room, pk=room_id)
    try:
        actions.give_up_room(by=by, at=now(), room=room)
    except DomainError as error:
        messages.warning(request, error.sentence)
    return redirect("encounters:room-list")


def _page(request: HttpRequest, room: Room | None) -> HttpResponse:
    by = _keeper(request)
    initial = {"name": room.name, "capacity": room.capacity, "has_video": room.has_video} if room else None
    form = RoomForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.save_room(by=by, at=now(), room=room, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            return redirect("encounters:room-list")
    context = {"form": form, "rooms": rooms_in_use(), "room": room}
    status = 422 if form.is_bound else 200
    return render(request, "encounters/booking/room_list.html", context, status=status)
