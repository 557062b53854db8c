"""从表格结对: the file is looked at first, cells to be looked at come back marked, one press puts the rest in force."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bangfu.records.models import Pairing
from tests import factories
from tests.exchange import workbooks

AT = "/pairing/workbook"
ROWS = [
    ["学生姓名", "班级", "教师姓名"],
    ["陈小满", "三（2）班", "李秋月"],
    ["罗天佑", "三（2）班", "没有这位"],
]


@pytest.fixture
def cases(cast):
    return [factories.case(pupil, by=cast.homeroom) for pupil in cast.pupils[:2]]


def sent(rows=ROWS):
    return {"file": SimpleUploadedFile("结对.xlsx", workbooks.xlsx(("结对", rows)))}


def hidden(response) -> dict:
    page = response.content.decode()
    return {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("content", "name")}


def test_a_table_is_looked_at_then_put_in_force_without_choosing_it_again(cast, cases, signed_in):
    client = signed_in(cast.principal)
    assert AT in client.get("/pairing").content.decode()
    seen = client.post(AT, sent())
    assert "没有这位老师" in seen.content.decode() and not Pairing.objects.exists()
    marked = client.post(AT, {**hidden(seen), "do": "marked"})
    assert openpyxl.load_workbook(io.BytesIO(marked.content)).sheetnames
    client.post(AT, {**hidden(seen), "do": "load"})
    (pair,) = Pairing.objects.all()
    assert (pair.case, pair.helper, pair.state) == (cases[0], cast.homeroom, "confirmed")
    again = client.post(AT, {**hidden(seen), "do": "load"})
    assert again.status_code == 422 and Pairing.objects.count() == 1


def test_who_does_not_decide_finds_no_such_page_and_a_broken_file_is_a_calm_sentence(cast, cases, signed_in):
    assert signed_in(cast.homeroom).get(AT).status_code == 404
    assert signed_in(cast.homeroom).post(AT, sent()).status_code == 404
    client = signed_in(cast.principal)
    broken = client.post(AT, {"file": SimpleUploadedFile("x.xlsx", b"hello")})
    assert broken.status_code == 422
    assert client.post(AT, {"content": "%%", "do": "load"}).status_code == 404
    assert client.post(AT, {}).status_code == 422
    assert not Pairing.objects.exists()
