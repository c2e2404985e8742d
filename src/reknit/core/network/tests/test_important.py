"""Important People indices against the worked numbers, and at their edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.network import important
from reknit.core.network.details import alter_of, number, word
from reknit.core.network.important import RECALLED, Anchors
from reknit.core.network.indices import Alter, Index, Use
from reknit.core.network.table import NAMES, NEAREST, Snapshot, difference, every_index

from .test_indices import circles

# Importance and contact whose products are the weights 42, 25, 12 and 12; reactions 5, 2, 4, 1; drinking 0, 4, 1, 5.
WORKED = [
    Alter("a", importance=6, contact=7, supports=2, alcohol="none"),
    Alter("b", importance=5, contact=5, supports=-1, alcohol="often"),
    Alter("c", importance=4, contact=3, supports=1, alcohol="seldom"),
    Alter("d", importance=3, contact=4, supports=-2, alcohol="much"),
]
ANCHORS = Anchors(
    drinking={"none": 0, "seldom": 1, "often": 4, "much": 5},
    reaction=RECALLED.reaction,
    not_using=RECALLED.not_using,
    heavy=frozenset({"often", "much"}),
    sober=frozenset({"none"}),
    is_verified=True,
)


def test_worked_numbers_of_the_catalogue() -> None:
    """Measures catalogue 5.1: support for abstinence 3.5165, weighted drinking 1.8901, share heavy .50."""
    assert [important.weight(one) for one in WORKED] == [42, 25, 12, 12]
    assert important.support_for_abstinence(WORKED, ANCHORS).value == pytest.approx(3.5165, abs=5e-5)
    assert important.weighted_drinking(WORKED, ANCHORS).value == pytest.approx(1.8901, abs=5e-5)
    assert important.heavy_share(WORKED, lambda one: one.alcohol, ANCHORS).value == 0.5
    assert important.sober_share(WORKED, lambda one: one.alcohol, ANCHORS).value == 0.25
    assert important.drinking_status(WORKED, ANCHORS).value == 2.5


def test_recalled_anchors_say_that_they_are_not_verified() -> None:
    assert not RECALLED.is_verified
    assert set(RECALLED.drinking) == {"recovering", "abstainer", "light", "moderate", "heavy"}
    assert important.weighted_drinking(WORKED).reason == "not_known"  # words that are not on its scale


def test_members_e_i_of_the_catalogue() -> None:
    """Two users and three others: -.20."""
    circle = [Alter(n, use="uses" if n < 2 else "recovery") for n in range(5)]
    assert important.members_e_i(circle).value == pytest.approx(-0.20)


def test_who_does_not_know_of_the_use_has_no_reaction() -> None:
    circle = [Alter("a", reaction="unaware"), Alter("b", reaction="disapproved"), Alter("c")]
    assert important.opposed_to_use(circle) == Index(1, 1, 3)
    assert important.support_for_use([Alter("a", importance=6, contact=7, reaction="unaware")]).value is None


def test_frequency_by_contact_and_reactions_to_drugs_where_a_study_asked() -> None:
    """Interventions specification 4.3, 5, 9 and 15 to 17: (7 x 7 + 2 x 5) / 2 = 29.5; reactions of people of importance 5, 6."""
    told = [
        {"alcohol_frequency": "7", "contact": "7", "importance": "6", "reaction_to_drugs": "left"},
        {"alcohol_frequency": "2", "contact": "5", "importance": "5", "reaction_to_drugs": "accepted"},
        {"alcohol_frequency": "", "contact": "5", "importance": "1", "reaction_to_drugs": "encouraged"},
    ]
    found = every_index(Snapshot([alter_of(n, cells) for n, cells in enumerate(told)]))
    assert found["alcohol_frequency_by_contact"] == Index(29.5, 2, 3)
    assert found["drugs_frequency_by_contact"] == Index(None, 0, 3, "not_known")
    parts = [found[f"reaction_to_drugs_of_important_{part}"].value for part in ("highest", "lowest", "mean")]
    assert parts == [4, 1, 2.5]
    assert found["reaction_of_important_mean"].reason == "not_known"


def test_indices_of_the_specification_are_all_there() -> None:
    """Interventions specification 4.3, numbers 1 to 23, by the name each has here."""
    numbered = {
        1: "size", 2: "daily", 3: "mean_importance", 4: "alcohol_status_by_contact", 5: "alcohol_frequency_by_contact",
        6: "alcohol_heavy_share", 7: "alcohol_sober_share", 8: "drugs_status_by_contact", 9: "drugs_frequency_by_contact",
        10: "drugs_heavy_share", 11: "drugs_sober_share",
        12: "reaction_of_important_highest", 13: "reaction_of_important_lowest", 14: "reaction_of_important_mean",
        15: "reaction_to_drugs_of_important_highest", 16: "reaction_to_drugs_of_important_lowest",
        17: "reaction_to_drugs_of_important_mean", 18: "general_support_highest", 19: "general_support_lowest",
        20: "general_support_mean", 21: "treatment_support_highest", 22: "treatment_support_lowest",
        23: "mean_treatment_support",
    }  # fmt: skip
    assert sorted(numbered) == list(range(1, 24)) and len(set(numbered.values())) == 23
    assert set(numbered.values()) <= set(NAMES)


def test_the_four_most_important_by_importance_then_contact() -> None:
    circle = [*WORKED, Alter("e", importance=3, contact=7), Alter("f"), Alter("g", importance=1, contact=7)]
    assert [one.key for one in important.most_important(circle)] == ["a", "b", "c", "e"]
    found = every_index(Snapshot(circle), ANCHORS)
    assert found["four_weighted_drinking"].of == 4
    assert found["four_opposed_to_use"] == Index(None, 0, 4, "not_known")


@given(circles)
def test_every_index_has_a_value_or_a_reason(circle: list[Alter]) -> None:
    found = every_index(Snapshot(circle, asked=True))
    assert tuple(found) == NAMES and len(NEAREST) == 11
    for index in found.values():
        assert (index.value is None) == (index.reason is not None)
        assert 0 <= index.known <= index.of or index.reason == "too_few"


@given(circles, st.randoms())
def test_order_of_people_makes_no_difference(circle: list[Alter], random: object) -> None:
    shuffled = list(circle)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = every_index(Snapshot(circle)), every_index(Snapshot(shuffled))
    for name in NAMES:
        if not name.startswith("four_"):  # equals beyond contact are taken in the order they were named
            assert other[name].value == pytest.approx(one[name].value), name


@given(circles)
def test_weighted_indices_stay_on_their_scale(circle: list[Alter]) -> None:
    for index in (important.support_for_abstinence, important.weighted_drinking):
        value = index(circle).value
        assert value is None or 1 <= value <= 5


def test_a_circle_does_not_differ_from_itself() -> None:
    figures = difference(Snapshot(WORKED), Snapshot(WORKED)).figures
    assert (figures["jaccard"], figures["retention"], figures["turnover"]) == (1.0, 1.0, 0.0)
    assert figures["heavy_share_change"] is None  # nothing is known of it


def test_a_share_that_changes_is_parted() -> None:
    """Four before and after, three kept: one of them stops (within), one user leaves and a non-user comes (replacement)."""
    told: list[Use] = ["uses", "uses", "none", "uses"]
    later: dict[int, Use] = {0: "none", 1: "uses", 2: "none", 9: "none"}
    then = [Alter(n, use=use) for n, use in enumerate(told)]
    now = [Alter(n, use=use) for n, use in later.items()]
    figures = difference(Snapshot(then), Snapshot(now)).figures
    assert figures["using_share_change"] == pytest.approx(-0.5)
    assert figures["using_share_within"] == pytest.approx(-0.25)
    assert figures["using_share_replacement"] == pytest.approx(-0.25)


@pytest.mark.parametrize(("name", "text"), [("contact", "8"), ("contact", "often"), ("importance", "0"), ("conflict", "2.5"), ("ring", "nan")])  # fmt: skip
def test_a_number_off_its_scale_is_refused(name: str, text: str) -> None:
    with pytest.raises(BadInput, match=name):
        number(name, text)


def test_a_word_off_its_list_is_refused() -> None:
    with pytest.raises(BadInput, match="alcohol is 'lots'"):
        word("alcohol", "lots")


def test_who_is_no_person_does_not_count() -> None:
    for cells in ({"relation": "pet"}, {"status": "died"}, {"status": "prospective"}):
        assert not alter_of("x", cells).counted
    assert not alter_of("x", {}, not_a_person=True).counted
    assert alter_of("x", {"status": "estranged"}).counted
