"""Who may read and write letters: the chart's own rule, and the client for letters written to them."""

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User

from .models import Letter


def may_open_own_letter(user: User, letter: Letter) -> Decision:
    """A client may open letters that were issued and written to them."""
    mine = user.has(Role.CLIENT) and letter.episode.client.user_id == user.pk
    if mine and letter.kind == Letter.Kind.PLAIN and letter.state == Letter.State.ISSUED:
        return YES
    return no(_("This letter is not yours to open."))


def may_edit_wording(user: User) -> Decision:
    """Directors and administrators edit the clinic's wording. It needs no chart and shows none."""
    if user.has(Role.DIRECTOR, Role.ADMINISTRATOR):
        return YES
    return no(_("The wording of letters belongs to the director and the administrator."))
