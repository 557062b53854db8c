"""A person's own account: changing the password they were handed on a slip."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.records import audit
from bangfu.records.models import User

SHORTEST = 8


class WrongPassword(Refusal):
    sentence = "现在的密码不对。请再输一次；忘记了的话，请系统管理员重设。"


class WeakPassword(Refusal):
    sentence = f"新密码太容易被猜到。请用 {SHORTEST} 位以上，不要只用数字，也不要用常见的词。"


class NotTheSame(Refusal):
    sentence = "两次输入的新密码不一样，请再输一次。"


@transaction.atomic
def change_password(*, user: User, old: str, new: str, again: str, by) -> User:
    """This function will change the password of `by`'s own account. Raises WrongPassword, NotTheSame, WeakPassword."""
    if not user.check_password(old):
        raise WrongPassword
    if new != again:
        raise NotTheSame
    if len(new) < SHORTEST or new.isdigit():
        raise WeakPassword
    try:
        validate_password(new, user)
    except ValidationError as cause:
        raise WeakPassword from cause
    user.set_password(new)
    user.save(update_fields=["password"])
    audit.log("account.password", by=by.staff, at=clock.now(), subject=by.staff)
    return user
