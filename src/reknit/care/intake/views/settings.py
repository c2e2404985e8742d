"""The target, and whether the public form is open."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.intake import actions
from reknit.care.intake.access import may_set_intake
from reknit.care.intake.forms import show_refusal
from reknit.care.intake.forms.waiting import SettingsForm
from reknit.care.intake.models import IntakeSettings


@require_http_methods(["GET", "POST"])
def settings_change(request: HttpRequest) -> HttpResponse:
    """What the administrator or the director sets for intake."""
    user, at = request.user, now()
    assert isinstance(user, User)
    may_set_intake(user).or_refuse()
    here = IntakeSettings.objects.first() or IntakeSettings()
    form = SettingsForm(request.POST or None, here=here)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_intake_settings(by=user, at=at, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.info(request, _("Kept."))
            return redirect("intake:settings-change")
    context = {"form": form, "is_open": here.public_form}
    return render(request, "intake/clinician/settings.html", context, status=422 if form.errors else 200)
