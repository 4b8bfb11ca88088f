"""Building a segment: parts added and taken out, a live count, saved, used, kept from nonsense."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import delete, select

from tests.api_client import ApiClient
from tests.people import add_contact, add_user, record
from tests.people import phone as number_of
from tests.visitor import Visitor, words
from tests.visitor import visitor as signed_in
from webapp.accounts.rules import Role
from webapp.audit.models import AuditEntry
from webapp.bulk.selection import Selection
from webapp.contacts.definitions import definitions
from webapp.contacts.filters import AttributeFilter, Filters, parse_filters
from webapp.contacts.listing import all_rows
from webapp.contacts.models import AttributeDefinition, Contact, Tag
from webapp.contacts.rules import Channel, State
from webapp.contacts.segment_models import Segment
from webapp.contacts.tags import named
from webapp.contacts.tree import Condition, Group, How, What, as_json
from webapp.core.db import db, transaction
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.segments import queries, service

ROW = re.compile(r'<tr id="contact-(\d+)".*?data-name="([^"]*)"', re.S)
ODD = "O'Brien <script>"
VIP = Condition(What.TAG, How.HAS, values=("VIP",))
VIPS = {
    "n.match": "all",
    "n0.what": "tag",
    "n0.was": "tag",
    "n0.how": "has",
    "n0.v": "VIP",
}


@pytest.fixture
def visitor(context: AppContext, app: Flask) -> Visitor:
    return signed_in(app, Role.MARKETER)


@pytest.fixture
def people(visitor: Visitor) -> None:
    """Ann is a VIP and opted out, Ben lives in Rome and has an odd tag, Cem has nothing."""
    db.session.add(AttributeDefinition(name="city", label="City", kind="text", choices=[]))
    db.session.add(
        AttributeDefinition(name="plan", label="Plan", kind="choice", choices=["Free", "Pro"])
    )
    ann = add_contact("+16505550000", "Ann", attributes={"plan": "Pro"})
    ben = add_contact("+4915123456789", "Ben", attributes={"city": "Roma", "plan": "Free"})
    add_contact("+16505550002", "Cem")
    ann.tags, ben.tags = named(["VIP"]), named([ODD])
    db.session.commit()
    record(address=number_of("+16505550000"))


def saved(visitor: Visitor, fields: dict[str, Any], name: str = "Mine") -> int:
    answer = visitor.post("/segments/build", {**fields, "name": name, "do": "save"})
    assert answer.status_code == 303, words(answer)
    found = queries.named(name.casefold())
    assert found is not None
    segment_id = found.id
    db.session.commit()
    return segment_id


def listed(visitor: Visitor, path: str) -> list[str]:
    return [name for _, name in ROW.findall(visitor.text(path))]


def made(tree: Group, name: str = "Made") -> int:
    """Save a tree past the form."""
    who = add_user(Role.ADMIN, f"{name}@example.com").actor()
    return transaction(lambda: service.save(name, tree, who).id)


def test_the_builder_begins_with_one_condition_and_every_field_has_a_label(visitor, people):
    text = visitor.text("/segments/build")
    fields = re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', text)
    labels = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', text))
    assert {"n0.what", "n0.how", "n0.v", "n.match"} <= set(fields)
    assert {f for f in fields if f.startswith("n")} <= labels


def test_parts_are_added_and_removed_without_javascript(visitor, people):
    grown = visitor.post("/segments/build", {**VIPS, "do": "group:"})
    assert grown.status_code == 200
    text = grown.get_data(as_text=True)
    assert 'name="n1.match"' in text
    assert 'name="n1.0.what"' in text
    assert 'value="VIP"' in text
    fields = {**VIPS, "n1.match": "any", "n1.0.what": "name", "n1.0.how": "contains"}
    more = visitor.post("/segments/build", {**fields, "do": "add:1"}).get_data(as_text=True)
    assert 'name="n1.1.what"' in more
    less = visitor.post("/segments/build", {**fields, "do": "remove:0"}).get_data(as_text=True)
    assert 'name="n0.match"' in less
    assert 'name="n1.match"' not in less


def test_what_is_looked_at_decides_the_fields_and_begins_empty(visitor, people):
    changed = {**VIPS, "n0.what": "attribute:plan"}
    text = visitor.post("/segments/build", changed).get_data(as_text=True)
    assert re.search(r'<select[^>]*id="n0\.v"', text)
    assert 'value="VIP"' not in text.replace('<option value="VIP">', "")


def test_the_count_follows_and_names_the_first(visitor, people):
    answer = visitor.post("/segments/build/count", VIPS, htmx=True)
    assert answer.status_code == 200
    said = words(answer)
    assert said.startswith("1 contact")
    assert "Ann" in said
    others = {**VIPS, "n0.how": "has_not"}
    assert words(visitor.post("/segments/build/count", others, htmx=True)).startswith("2 contacts")


def test_the_count_waits_for_what_is_not_filled_in(visitor, people):
    answer = visitor.post("/segments/build/count", {**VIPS, "n0.v": ""}, htmx=True)
    assert "Fill in every condition" in words(answer)
    unknown = visitor.post("/segments/build/count", {**VIPS, "n0.v": "Nobody"}, htmx=True)
    assert "asks for the tag “Nobody”, which is not there" in words(unknown)


def test_a_built_segment_restricts_both_lists_their_counts_and_its_chip_goes(visitor, people):
    segment_id = saved(visitor, VIPS)
    path = f"/audience?segment={segment_id}"
    assert listed(visitor, path) == ["Ann"]
    text = visitor.text(path)
    assert "Segment: Mine" in text
    assert f'name="segment" value="{segment_id}" form="filters"' in text
    assert listed(visitor, f"{path}&state=opted_in") == []
    numbers = visitor.text(f"/audience/counts?segment={segment_id}")
    assert re.search(r'#count-whatsapp"[^>]*>1<', numbers)
    assert visitor.text(f"/segments/{segment_id}/count", htmx=True).strip() == "1"
    contacts = visitor.text(f"/contacts?segment={segment_id}")
    assert "Ann" in contacts
    assert "Cem" not in contacts


def test_bulk_exports_and_all_rows_keep_to_the_segment(visitor, people):
    segment_id = saved(visitor, VIPS)
    asked = parse_filters({"segment": [str(segment_id)]})
    assert asked.narrow
    chosen = Selection(asked)
    found = chosen.ids_at_once()
    assert found is not None
    assert len(found) == 1
    zone = chosen.zone
    assert [row.name for row in all_rows(asked, zone, definitions())] == ["Ann"]
    file = visitor.get(f"/audience/export.csv?segment={segment_id}").get_data(as_text=True)
    assert "Ann" in file
    assert "Cem" not in file


def test_a_segment_that_is_gone_refuses_what_was_restricted_to_it(visitor, people):
    segment_id = saved(visitor, VIPS)
    visitor.post(f"/segments/{segment_id}/delete")
    assert visitor.get(f"/audience?segment={segment_id}").status_code == 422
    with pytest.raises(Invalid, match="is gone"):
        Selection(Filters(segment=segment_id)).ids_at_once()
    with pytest.raises(NotFound):
        service.resolve(segment_id)
    db.session.rollback()


def test_an_edited_segment_keeps_its_id_and_may_get_another_name(visitor, people):
    segment_id = saved(visitor, VIPS)
    text = visitor.text(f"/segments/{segment_id}/build")
    assert 'value="Mine"' in text
    assert 'value="VIP"' in text
    fields = {**VIPS, "n.match": "none", "name": "Others", "do": "save"}
    assert visitor.post(f"/segments/{segment_id}/build", fields).status_code == 303
    assert listed(visitor, f"/audience?segment={segment_id}") == ["Cem", "Ben"]
    assert queries.name_of(segment_id) == "Others"
    db.session.rollback()


def test_a_saved_filter_opens_in_the_builder_and_means_the_same(visitor, people):
    filters = Filters(
        Channel.WHATSAPP,
        state=State.UNKNOWN,
        attributes=(AttributeFilter("plan", ("Free", "Pro")),),
    )
    who = add_user(Role.ADMIN).actor()
    segment_id = transaction(lambda: service.save("Simple", filters, who).id)
    before = listed(visitor, f"/audience?segment={segment_id}")
    assert before == ["Ben"]
    text = visitor.text(f"/segments/{segment_id}/build")
    assert re.search(r'value="consent:whatsapp"\s+selected', text)
    tree = service.as_tree(filters)
    transaction(lambda: service.update(segment_id, tree, who))
    assert listed(visitor, f"/audience?segment={segment_id}") == before


def test_the_list_says_it_in_words_who_made_it_and_where_it_opens(visitor, people):
    segment_id = saved(
        visitor, {**VIPS, "n1.match": "none", "n1.0.what": "phone", "n1.0.how": "set"}
    )
    text = visitor.text("/segments")
    assert "Tag: VIP" in text
    assert "None of (Phone is set)" in text
    assert f"/audience?channel=whatsapp&segment={segment_id}" in text
    assert f"/segments/{segment_id}/build" in text


def test_an_odd_tag_is_text_wherever_it_stands(visitor, people):
    segment_id = saved(visitor, {**VIPS, "n0.v": ODD})
    assert listed(visitor, f"/audience?segment={segment_id}") == ["Ben"]
    for path in ("/segments", f"/segments/{segment_id}/build"):
        raw = visitor.get(path).get_data(as_text=True)
        assert "<script>" not in re.sub(r"<script [^>]*>", "", raw)
        assert "O&#39;Brien &lt;script&gt;" in raw


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"n.match": "some"},
        {"n.match": "all", "n0.what": "shoe size"},
        {"n.match": "all", "n0.0.what": "tag"},
        {"n0.what": "tag"},
        {"n.match": "all", "n0.what": "tag", "n0.0.what": "tag"},
        {"n.match": "all", **{f"n{nth}.what": "tag" for nth in range(101)}},
        {f"n{'.'.join('0' * depth)}.match": "all" for depth in range(8)},
    ],
)
@pytest.mark.parametrize("path", ["/segments/build", "/segments/build/count"])
def test_nonsense_sent_by_hand_is_refused(visitor, people, path, fields):
    assert visitor.post(path, {**fields, "name": "X", "do": "save"}).status_code == 422


@pytest.mark.parametrize("do", ["remove:7", "remove:", "add:0", "add:x", "group:0.0.0", "remove:²"])
def test_a_button_for_a_part_that_is_not_there_is_refused(visitor, people, do):
    assert visitor.post("/segments/build", {**VIPS, "do": do}).status_code == 422


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"n0.v": ""}, "Fill this in."),
        ({"n0.what": "attribute:gone", "n0.was": "attribute:gone", "n0.how": "is"}, "is gone"),
        (
            {"n0.what": "created", "n0.was": "created", "n0.how": "last", "n0.v": "many"},
            "number of",
        ),
        ({"n0.what": "country", "n0.was": "country", "n0.how": "is", "n0.v": "Rome"}, "like +49"),
        ({"n0.what": "segment", "n0.was": "segment", "n0.how": "is", "n0.v": "4711"}, "is gone"),
        ({"n0.what": "consent:telex", "n0.was": "consent:telex", "n0.how": "is"}, "Choose one"),
    ],
)
def test_what_is_not_finished_is_said_beside_it_and_not_saved(visitor, people, fields, said):
    answer = visitor.post("/segments/build", {**VIPS, **fields, "name": "X", "do": "save"})
    assert answer.status_code == 422
    assert said in words(answer)
    assert queries.segments() == []


def test_an_empty_group_is_no_segment(visitor, people):
    answer = visitor.post("/segments/build", {"n.match": "all", "name": "X", "do": "save"})
    assert answer.status_code == 422
    assert "Add a condition" in words(answer)


def test_a_segment_cannot_be_part_of_itself_however_far_round(visitor, people):
    one = made(Group((VIP,)), "One")
    two = made(Group((Condition(What.SEGMENT, How.IS, values=(str(one),)),)), "Two")
    who = add_user(Role.ADMIN).actor()
    for inner in (one, two):
        round_ = Group((Condition(What.SEGMENT, How.IS_NOT, values=(str(inner),)),))
        with pytest.raises(Invalid, match="part of itself"):
            service.update(one, round_, who)
        db.session.rollback()
    fields = {"own": str(one), "n.match": "all", "n0.what": "segment", "n0.was": "segment"}
    fields |= {"n0.how": "is", "n0.v": str(two)}
    assert "part of itself" in words(visitor.post("/segments/build/count", fields, htmx=True))


def test_one_that_came_round_all_the_same_is_refused_when_used(visitor, people):
    segment_id = made(Group((VIP,)))
    own = Group((Condition(What.SEGMENT, How.IS, values=(str(segment_id),)),))
    queries.segment_of(segment_id).params = as_json(own)
    db.session.commit()
    assert visitor.get(f"/audience?segment={segment_id}").status_code == 422
    assert visitor.text("/segments")


def test_a_segment_that_another_takes_in_stays(visitor, people):
    one = made(Group((VIP,)), "One")
    made(Group((Condition(What.SEGMENT, How.IS, values=(str(one),)),)), "Two")
    answer = visitor.post(f"/segments/{one}/delete")
    assert answer.status_code == 303
    assert "is part of the segment “Two”" in visitor.text("/segments")
    with pytest.raises(Conflict):
        service.delete(one, add_user(Role.ADMIN).actor())
    db.session.rollback()


@pytest.mark.parametrize("model", [Tag, AttributeDefinition])
def test_one_that_names_what_is_gone_says_so_and_never_widens(visitor, people, model):
    without = Group(
        (
            Condition(What.TAG, How.HAS_NOT, values=("VIP",)),
            Condition(What.ATTRIBUTE, How.IS_NOT, "city", ("Roma",)),
        )
    )
    segment_id = made(without)
    db.session.execute(delete(model))
    db.session.commit()
    assert "gone" in visitor.text("/segments")
    assert visitor.text(f"/segments/{segment_id}/count", htmx=True).strip() == "–"
    answer = visitor.get(f"/audience?segment={segment_id}")
    assert answer.status_code == 422
    assert "The segment “Made” asks for" in words(answer)
    with pytest.raises(Invalid, match="gone"):
        db.session.scalars(select(Contact.id).where(service.resolve(segment_id))).all()
    db.session.rollback()


def test_saving_and_editing_stand_in_the_audit_log(visitor, people):
    segment_id = saved(visitor, VIPS)
    visitor.post(f"/segments/{segment_id}/build", {**VIPS, "name": "Mine", "do": "save"})
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["segment.saved", "segment.updated"]
    assert entries[0].detail["filters"]["match"] == "all"


def test_filters_within_a_built_segment_are_saved_as_a_segment_within(visitor, people):
    segment_id = saved(visitor, VIPS)
    query = f"channel=whatsapp&state=opted_out&segment={segment_id}"
    assert visitor.post("/segments/new", name="Inside", query=query).status_code == 303
    inner = queries.named("inside")
    assert inner is not None
    assert isinstance(inner.params, dict)
    inner_id = inner.id
    assert listed(visitor, f"/audience?segment={inner_id}") == ["Ann"]


def test_a_viewer_sees_and_uses_segments_and_builds_none(app, visitor, people):
    segment_id = saved(visitor, VIPS)
    viewer = signed_in(app, Role.VIEWER)
    text = viewer.text("/segments")
    assert "Tag: VIP" in text
    assert "Build a segment" not in text
    assert listed(viewer, f"/audience?segment={segment_id}") == ["Ann"]
    for path in ("/segments/build", f"/segments/{segment_id}/build"):
        assert viewer.get(path).status_code == 403
        assert viewer.post(path, VIPS).status_code == 403
    assert viewer.post("/segments/build/count", VIPS).status_code == 403
    assert db.session.scalars(select(Segment)).all()


def test_the_api_lists_the_people_of_a_segment(app, visitor, people):
    segment_id = saved(visitor, VIPS)
    api = ApiClient(app)
    items = api.get("/contacts", segment=segment_id).get_json()["items"]
    assert [each["name"] for each in items] == ["Ann"]
    assert api.get("/contacts", segment=4711).status_code == 422
    assert api.get("/contacts", segment="x").status_code == 422
