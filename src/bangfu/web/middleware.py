"""What every request gets before its page: a language, a day, a viewer; and what every answer gets: it stays private."""

from secrets import token_hex

from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers

from bangfu.flow import clock
from bangfu.records.access import viewer_for

LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)


def private_pages(get_response):
    """This function will keep pages out of shared and disk caches; static files never come this far."""

    def answer(request):
        response = get_response(request)
        response.setdefault("Cache-Control", "private, no-store")
        return response

    return answer


def chosen_language(get_response):
    """This function will speak the language chosen on 「我的」; a browser's own wish is not asked, schools share PCs."""

    def answer(request):
        wish = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        code = wish if wish in LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.setdefault("Content-Language", code)
        patch_vary_headers(response, ("Cookie",))
        return response

    return answer


def who_and_when(get_response):
    """This function will set request.day, request.viewer (None if nobody is signed in) and request.number for the log."""

    def answer(request):
        request.day = clock.today()
        request.number = token_hex(3).upper()
        request.viewer = viewer_for(request.user, request.day) if request.user.is_authenticated else None
        return get_response(request)

    return answer
