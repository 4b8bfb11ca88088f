"""Segments: saved from the audience, used, renamed, updated, deleted; and what names the gone."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import delete, select

from tests.counting import counted_queries
from tests.people import add_contact, add_user, record
from tests.people import phone as number_of
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role
from webapp.audit.models import AuditEntry
from webapp.contacts.filters import AttributeFilter, Filters
from webapp.contacts.kept_params import filters_of
from webapp.contacts.models import AttributeDefinition, Tag
from webapp.contacts.rules import Channel, State
from webapp.contacts.tags import named
from webapp.core.db import db, transaction
from webapp.core.errors import Invalid
from webapp.segments import queries, service

ROW = re.compile(r'<tr id="contact-(\d+)".*?data-name="([^"]*)"', re.S)
OUT = Filters(state=State.OPTED_OUT)


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


def number(nth: int) -> str:
    return f"+1650555{nth:04d}"


@pytest.fixture
def people(visitor: Visitor) -> None:
    """Ann is opted out and carries a tag, Ben lives in Rome."""
    db.session.add(AttributeDefinition(name="city", label="City", kind="text", choices=[]))
    ann = add_contact(number(0), "Ann")
    add_contact(number(1), "Ben", attributes={"city": "Roma"})
    ann.tags = named(["VIP"])
    db.session.commit()
    record(address=number_of(number(0)))


def query_of(filters: Filters) -> str:
    return urlencode(filters.params())


def save(visitor: Visitor, name: str, filters: Filters = OUT) -> int:
    """Save a segment as the dialog does; gives its id."""
    answer = visitor.post("/segments/new", name=name, query=query_of(filters))
    assert answer.status_code == 303, words(answer)
    found = queries.named(name.casefold())
    assert found is not None
    segment_id = found.id
    db.session.commit()  # what has read holds SQLite's lock
    return segment_id


def listed(visitor: Visitor, path: str) -> list[str]:
    return [name for _, name in ROW.findall(visitor.text(path))]


def test_without_segments_the_page_says_how_one_is_made(visitor):
    assert "Save as segment" in visitor.text("/segments")


def test_the_audience_offers_to_save_only_what_narrows(visitor, people):
    assert "Save as segment" not in visitor.text("/audience")
    text = visitor.text("/audience?state=opted_out&tag=VIP")
    assert "/segments/new?channel=whatsapp&state=opted_out&tag=VIP" in text


def test_the_name_is_made_of_what_the_filters_say(visitor, people):
    text = visitor.text("/segments/new?channel=sms&state=opted_out&attr.city=Roma")
    assert 'value="SMS, Opted Out, City: Roma"' in text


def test_a_saved_segment_is_in_the_panel_and_leads_to_its_people(visitor, people):
    segment_id = save(visitor, "Gone")
    text = visitor.text("/audience")
    link = f"/audience?channel=whatsapp&state=opted_out&saved={segment_id}"
    assert f'href="{link}"' in text
    assert listed(visitor, link) == ["Ann"]
    assert re.search(rf'href="{re.escape(link)}"[^>]*aria-current="true"', visitor.text(link))


def test_the_chips_name_the_segment_and_say_where_they_differ(visitor, people):
    segment_id = save(visitor, "Gone")
    same = visitor.text(f"/audience?state=opted_out&saved={segment_id}", htmx=True)
    assert "Gone</span>" in same
    assert "<em>changed</em>" not in same
    other = visitor.text(f"/audience?state=opted_out&tag=VIP&saved={segment_id}", htmx=True)
    assert "<em>changed</em>" in other
    assert "Update the segment" in other
    assert f"saved={segment_id}" in other
    assert "Gone</span>" not in visitor.text("/audience?state=opted_out&saved=4711", htmx=True)


def test_a_segment_stays_while_filters_tabs_and_pages_change(visitor, people):
    segment_id = save(visitor, "Gone")
    text = visitor.text(f"/audience?state=opted_out&saved={segment_id}", htmx=True)
    assert f'name="saved" value="{segment_id}" form="filters"' in text
    tabs = re.findall(r'id="tab-\w+"\s+href="([^"]+)"', text)
    assert tabs
    assert all(f"saved={segment_id}" in tab for tab in tabs)
    assert "saved" not in re.findall(r'class="chip-clear" href="([^"]+)"', text)[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Give the segment a name."), ("gone", "There is a segment called “Gone” already.")],
)
def test_a_name_that_cannot_be_is_refused_with_the_form(visitor, people, name, said):
    save(visitor, "Gone")
    answer = visitor.post("/segments/new", {"name": name, "query": query_of(OUT)}, htmx=True)
    assert answer.status_code == 422
    assert said in words(answer)
    assert len(queries.segments()) == 1


@pytest.mark.parametrize(
    "query",
    ["", "channel=sms", "state=maybe", "attr.nothing=1", "sort=name", "saved=3", "segment=3"],
)
def test_what_is_no_filter_cannot_be_saved(visitor, people, query):
    answer = visitor.post("/segments/new", name="All", query=query)
    assert answer.status_code == 422
    assert queries.segments() == []


def test_saving_from_the_dialog_leads_to_the_segment(visitor, people):
    answer = visitor.post("/segments/new", {"name": "Gone", "query": query_of(OUT)}, htmx=True)
    segment_id = queries.segments()[0].id
    assert answer.headers["HX-Redirect"].endswith(f"state=opted_out&saved={segment_id}")


def test_the_page_tells_each_in_words_and_counts_after(visitor, people):
    segment_id = save(visitor, "Gone", Filters(state=State.OPTED_OUT, tags=("VIP",)))
    text = visitor.text("/segments")
    chips = re.findall(r'<li class="chip">([^<]+)</li>', text)
    assert chips == ["WhatsApp", "Opted Out", "Tag: VIP"]
    assert f'hx-get="/segments/{segment_id}/count"' in text
    assert visitor.text(f"/segments/{segment_id}/count", htmx=True).strip() == "1"


def test_who_belongs_to_it_is_looked_up_when_it_is_used(visitor, people):
    segment_id = save(visitor, "Gone")
    record(address=number_of(number(1)))
    assert visitor.text(f"/segments/{segment_id}/count", htmx=True).strip() == "2"


def test_a_segment_can_be_renamed_but_not_to_anothers_name(visitor, people):
    segment_id = save(visitor, "Gone")
    save(visitor, "Rome", Filters(attributes=(AttributeFilter("city", ("Roma",)),)))
    assert 'value="Gone"' in visitor.text(f"/segments/{segment_id}/rename")
    answer = visitor.post(f"/segments/{segment_id}/rename", name="ROME")
    assert answer.status_code == 422
    assert visitor.post(f"/segments/{segment_id}/rename", name="GONE").status_code == 303
    assert "GONE" in visitor.text("/segments")


def test_a_segment_can_be_updated_to_the_filters_in_use(visitor, people):
    segment_id = save(visitor, "Gone")
    wanted = Filters(Channel.SMS, tags=("VIP",), saved=segment_id)
    answer = visitor.post(f"/segments/{segment_id}/filters", query=query_of(wanted))
    assert answer.status_code == 303
    assert filters_of(queries.segment_of(segment_id).params) == wanted.essence


def test_a_deleted_segment_is_asked_about_and_leaves_its_people(visitor, people):
    segment_id = save(visitor, "Gone")
    assert "Nobody in it is changed" in visitor.text(f"/segments/{segment_id}/delete")
    assert visitor.post(f"/segments/{segment_id}/delete").status_code == 303
    assert queries.segments() == []
    assert visitor.get(f"/segments/{segment_id}/count").status_code == 404
    assert len(listed(visitor, f"/audience?saved={segment_id}")) == 2
    # What was restricted to it is not everybody now.
    answer = visitor.get(f"/audience?segment={segment_id}")
    assert answer.status_code == 422
    assert "A segment that is asked for is gone." in words(answer)


def test_who_saved_and_deleted_is_in_the_audit_log(visitor, people):
    visitor.post(f"/segments/{save(visitor, 'Gone')}/delete")
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["segment.saved", "segment.deleted"]


def test_one_that_names_a_removed_attribute_says_so_and_still_opens(visitor, people):
    asked = Filters(tags=("VIP",), attributes=(AttributeFilter("city", ("Roma",)),))
    segment_id = save(visitor, "Rome", asked)
    db.session.execute(delete(AttributeDefinition))
    db.session.commit()
    assert "asks for the attribute “city”, which is gone" in visitor.text("/segments")
    link = f"/audience?channel=whatsapp&tag=VIP&saved={segment_id}"
    text = visitor.text(link)
    assert f'href="{link}"' in text
    assert "the attribute “city”, which is gone" in text
    assert "<em>changed</em>" in text
    # Whoever acts on its people must not reach more of them than it was made for.
    with pytest.raises(Invalid, match="asks for the attribute “city”, which is gone"):
        service.resolve(segment_id)
    assert visitor.text(f"/segments/{segment_id}/count", htmx=True).strip() == "–"


def test_one_that_names_a_removed_tag_says_so(visitor, people):
    segment_id = save(visitor, "VIPs", Filters(tags=("VIP",)))
    db.session.execute(delete(Tag))
    db.session.commit()
    assert "asks for the tag “VIP”, which is gone" in visitor.text("/segments")
    assert listed(visitor, f"/audience?tag=VIP&saved={segment_id}") == []


def test_one_whose_words_are_no_longer_known_can_be_deleted(visitor, people):
    segment_id = save(visitor, "Gone")
    segment = queries.segment_of(segment_id)
    segment.params = [["channel", "telex"]]
    db.session.commit()
    assert "cannot be read any more" in visitor.text("/segments")
    assert visitor.get("/audience").status_code == 200
    assert visitor.post(f"/segments/{segment_id}/delete").status_code == 303


def test_two_who_save_the_same_name_at_once_get_one_segment(visitor, people):
    who = add_user(Role.ADMIN).actor()
    transaction(lambda: service.save("Gone", OUT, who))
    with pytest.raises(Invalid) as error:
        transaction(lambda: service.save("GONE", OUT, who))
    assert error.value.field == "name"


def test_a_viewer_may_use_segments_but_not_change_them(app, visitor, people):
    segment_id = save(visitor, "Gone")
    viewer = signed_in(app, Role.VIEWER)
    text = viewer.text("/segments")
    assert "Gone" in text
    assert "Rename" not in text
    assert "Save as segment" not in viewer.text("/audience?state=opted_out")
    assert viewer.post("/segments/new", name="X", query="state=opted_out").status_code == 403
    assert viewer.post(f"/segments/{segment_id}/delete").status_code == 403


def test_the_panels_segments_cost_one_query_and_the_fragment_none(visitor, people, app):
    with counted_queries(app) as none:
        visitor.text("/audience", htmx=True)
    for nth in range(5):
        save(visitor, f"Gone {nth}")
    with counted_queries(app) as some:
        visitor.text("/audience", htmx=True)
    assert len(some) == len(none)
    with counted_queries(app) as page:
        visitor.text("/audience")
    assert sum("FROM segments" in query for query in page) == 1
