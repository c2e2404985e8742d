"""Indices against worked examples, against a second way to compute them, and at their edges."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.network import indices
from reknit.core.network.indices import Alter, Index, Use
from reknit.core.network.structure import Graph

EXAMPLE = Graph("ABCDE", [("A", "B"), ("B", "C"), ("D", "E")])


def maybe(values: st.SearchStrategy[int]) -> "st.SearchStrategy[int | None]":
    return st.none() | values


scores = st.integers(1, 6)
alters = st.builds(
    Alter,
    key=st.integers(0, 10**6),
    ring=maybe(st.integers(1, 4)),
    contact=maybe(st.integers(0, 7)),
    use=st.sampled_from([None, "uses", "recovery", "none"]),
    heavy=st.none() | st.booleans(),
    uses_with=maybe(st.integers(0, 2)),
    supplies=st.none() | st.booleans(),
    supports=maybe(st.integers(-2, 2)),
    importance=maybe(scores),
    general=maybe(scores),
    practical=maybe(scores),
    emotional=maybe(scores),
    reciprocity=st.sampled_from([None, "even", "mine", "theirs"]),
    conflict=maybe(st.integers(0, 10)),
    relation=st.sampled_from([None, "kin", "friend", "work"]),
    counted=st.booleans(),
)
circles = st.lists(alters, max_size=12, unique_by=lambda one: one.key)
graphs = st.integers(2, 8).flatmap(
    lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=20).map(
        lambda ties: Graph(range(n), ties)
    )
)
OF_PEOPLE = [
    indices.size, indices.daily, indices.sober_weekly, indices.exposure, indices.using_contact,
    indices.recovery_support, indices.close_support, indices.reciprocity, indices.conflict_load,
    indices.support_concentration, indices.multiplexity, indices.single_point,
]  # fmt: skip
SHARES = {indices.using_contact, indices.reciprocity, indices.support_concentration, indices.single_point}


def test_worked_example_of_structure() -> None:
    """Five people, ties A-B, B-C and D-E: density .30, 2 components, effective size 3.8, efficiency .76."""
    assert indices.density(EXAMPLE).value == pytest.approx(0.30)
    assert len(EXAMPLE.components()) == 2
    assert EXAMPLE.effective_size() == pytest.approx(3.8)
    assert EXAMPLE.efficiency() == pytest.approx(0.76)
    assert EXAMPLE.constraint() == pytest.approx(0.4822, abs=5e-5)
    assert EXAMPLE.isolates() == () and EXAMPLE.brokers() == ("B",)


def test_worked_examples_of_composition() -> None:
    groups = [Alter(n, relation=kind) for n, kind in enumerate(["kin"] * 3 + ["work", "friend"])]
    assert indices.blau(groups, lambda one: one.relation).value == pytest.approx(0.56)
    assert indices.e_i(2, 3) == pytest.approx(-0.20)
    heavy = [Alter(n, heavy=n < 2) for n in range(4)]
    assert indices.share_of(heavy, lambda one: one.heavy).value == pytest.approx(0.50)


@given(graphs)
def test_constraint_and_effective_size_agree_with_the_full_matrix(graph: Graph) -> None:
    """Burt's own double sum over an explicit matrix with the client in it, for any graph."""
    people = ["ego", *graph.nodes]
    strength = dict.fromkeys(itertools.product(people, people), 0)
    for one, other in [*graph.ties, *(("ego", node) for node in graph.nodes)]:
        strength[one, other] = strength[other, one] = 1
    total = {i: sum(strength[i, k] for k in people if k != i) for i in people}
    p = {(i, j): strength[i, j] / total[i] for i, j in strength if total[i]}
    expected = sum(
        (p["ego", j] + sum(p["ego", q] * p[q, j] for q in graph.nodes if q != j)) ** 2 for j in graph.nodes
    )
    assert graph.constraint() == pytest.approx(expected)
    # Burt's effective size by its definition: n less the mean redundancy of each contact.
    redundancy = sum(p["ego", q] * strength[j, q] for j in graph.nodes for q in graph.nodes if q != j)
    assert graph.effective_size() == pytest.approx(len(graph.nodes) - redundancy)


@given(graphs)
def test_brokers_are_those_whose_leaving_splits_the_rest(graph: Graph) -> None:
    """Counted anew with a union of sets in place of the walk."""

    def parts(nodes: list[object]) -> int:
        sets = {node: {node} for node in nodes}
        for one, other in graph.ties:
            if one in sets and other in sets and sets[one] is not sets[other]:
                joined = sets[one] | sets[other]
                for node in joined:
                    sets[node] = joined
        return len({id(group) for group in sets.values()})

    whole = parts(list(graph.nodes))
    assert len(graph.components()) == whole
    for node in graph.nodes:
        rest = parts([one for one in graph.nodes if one != node])
        assert (node in graph.brokers()) == (rest > whole)


@given(graphs)
def test_structure_stays_within_its_bounds(graph: Graph) -> None:
    density = indices.density(graph).value
    assert density is not None and 0 <= density <= 1
    assert 1 <= graph.effective_size() <= len(graph.nodes)
    assert 1 / len(graph.nodes) <= graph.constraint() + 1e-9


@pytest.mark.parametrize("index", OF_PEOPLE, ids=lambda one: one.__name__)
def test_nobody_known_is_never_zero(index: object) -> None:
    assert callable(index)
    if index is not indices.size:
        unknown: Index = index([Alter(n) for n in range(6)])
        assert unknown.value is None and unknown.reason and unknown.known == 0
        nobody: Index = index([])
        assert nobody.value is None and nobody.reason == "too_few" and nobody.coverage is None


@pytest.mark.parametrize("index", OF_PEOPLE, ids=lambda one: one.__name__)
@given(circle=circles)
def test_index_has_a_value_or_a_reason_and_says_how_many_are_known(
    index: "object", circle: list[Alter]
) -> None:
    assert callable(index)
    found: Index = index(circle)
    assert (found.value is None) == (found.reason is not None)
    assert 0 <= found.known <= found.of <= len(indices.people(circle))
    if index in SHARES:
        assert found.value is None or (found.known >= 4 and 0 <= found.value <= 1)


@pytest.mark.parametrize("index", OF_PEOPLE, ids=lambda one: one.__name__)
@given(circle=circles)
def test_what_is_not_a_person_changes_nothing(index: "object", circle: list[Alter]) -> None:
    assert callable(index)
    cat = Alter("cat", ring=1, contact=7, use="uses", supports=-2, emotional=6, conflict=10, counted=False)
    assert index([*circle, cat]) == index(circle)


def test_three_people_make_no_percentage() -> None:
    three = [Alter(n, reciprocity="even", emotional=6, contact=7, use="uses") for n in range(3)]
    for index in (indices.reciprocity, indices.support_concentration, indices.using_contact):
        assert index(three) == Index(None, 3, 3, "too_few")
    assert indices.blau(three, lambda one: one.use).reason == "too_few"


def test_ten_listed_and_three_known_make_no_percentage() -> None:
    ten = [Alter(n, reciprocity="even" if n < 3 else None) for n in range(10)]
    assert indices.reciprocity(ten) == Index(None, 3, 10, "not_known")


def test_one_person_has_no_density() -> None:
    assert indices.density(Graph("A", [])).reason == "too_few"
    assert indices.structural(Graph("A", []), lambda one: one.constraint()).reason == "too_few"


def test_pairs_nobody_asked_about_make_no_density() -> None:
    graph = Graph("ABC", [])
    assert indices.density(graph) == Index(0, 3, 3)
    assert indices.density(graph, asked=False).reason == "not_asked"
    assert indices.structural(graph, lambda one: len(one.components()), asked=False).reason == "not_asked"


def test_using_e_i_counts_ties_whose_ends_are_known() -> None:
    circle = [Alter("A", use="uses"), Alter("B", use="none"), Alter("C", use="recovery"), Alter("D")]
    graph = Graph("ABCD", [("A", "B"), ("B", "C"), ("C", "D")])
    assert indices.using_e_i(circle, graph) == Index(0.0, 2, 3)
    assert indices.using_e_i(circle, Graph("ABCD", [])).reason == "no_ties"
    assert indices.using_e_i(circle, graph, asked=False).reason == "not_asked"


def test_outside_the_circle_weighs_nothing_in_the_balance() -> None:
    near = Alter("a", ring=2, contact=5, supports=1)
    far = Alter("b", ring=4, contact=7, supports=-2)
    assert indices.recovery_support([near, far]).value == pytest.approx(1)
    assert indices.recovery_support([far]).value is None


@given(graphs)
def test_structure_agrees_with_networkx(graph: Graph) -> None:
    """An independent library gives the same answers, where it is installed."""
    networkx = pytest.importorskip("networkx")
    alone = networkx.Graph()
    alone.add_nodes_from(graph.nodes)
    alone.add_edges_from(graph.ties)
    with_client = alone.copy()
    with_client.add_edges_from(("ego", node) for node in graph.nodes)
    assert indices.density(graph).value == pytest.approx(networkx.density(alone))
    assert len(graph.components()) == networkx.number_connected_components(alone)
    assert set(graph.brokers()) == set(networkx.articulation_points(alone))
    assert set(graph.isolates()) == set(networkx.isolates(alone))
    assert graph.degrees() == dict(alone.degree())
    assert graph.constraint() == pytest.approx(networkx.constraint(with_client, nodes=["ego"])["ego"])
    expected = networkx.effective_size(with_client, nodes=["ego"])["ego"]
    assert graph.effective_size() == pytest.approx(expected)


@given(graphs, st.data())
def test_ties_across_use_agree_with_the_mixing_of_networkx(graph: Graph, data: st.DataObject) -> None:
    """Krackhardt and Stern's E-I from networkx's table of who is tied to whom."""
    networkx = pytest.importorskip("networkx")
    words: list[Use] = ["uses", "none"]
    uses = {node: data.draw(st.sampled_from(words)) for node in graph.nodes}
    alone = networkx.Graph(list(graph.ties))
    alone.add_nodes_from(graph.nodes)
    networkx.set_node_attributes(alone, uses, "use")
    mixing = networkx.attribute_mixing_dict(alone, "use")
    inside = sum(mixing.get(kind, {}).get(kind, 0) for kind in ("uses", "none"))
    every = sum(sum(row.values()) for row in mixing.values())
    found = indices.using_e_i([Alter(node, use=use) for node, use in uses.items()], graph)
    if not every:
        assert found.reason == "no_ties"
    else:
        assert found.value == pytest.approx((every - 2 * inside) / every)
        alike = indices.homophily([Alter(node, use=use) for node, use in uses.items()], graph)
        assert alike.value == pytest.approx(inside / every)
