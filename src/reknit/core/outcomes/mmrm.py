"""Mixed model for repeated measures: groups compared at every visit, with people kept who missed some.

Model: ``after at visit v = start_v + slope_v (before - mean before) + group_v + e_v``, the e of one person normal with any
covariance at all between visits (unstructured), by restricted maximum likelihood; errors and degrees of freedom after
Kenward MG, Roger JH (1997), Biometrics 53:983-997. Source of the model: Mallinckrodt CH, Lane PW, Schnell D and others
(2008), Drug Inf J 42:303-319.

People who miss a visit are taken to be like those who did not and who had the same scores up to then (missing at
random). Whether that holds cannot be seen in the scores: see `tipping`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reknit.core.errors import BadInput
from reknit.core.outcomes.ancova import Difference, difference
from reknit.core.outcomes.growth import DidNotConverge

Column = NDArray[np.float64]

_STEPS: Final = 200
_CLOSE: Final = 1e-12


@dataclass(frozen=True, slots=True)
class AtVisit:
    """The groups at one visit, compared at the mean score before: `n` clients were seen at it."""

    visit: str
    differences: tuple[Difference, ...]
    adjusted_means: dict[str, float]
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class Mmrm:
    """The groups at each visit, and the covariance of visits in one person (visits x visits, squared points).

    `log_likelihood` is the restricted one. `n_left_out` clients had no score before, or none after.
    """

    reference: str
    visits: tuple[AtVisit, ...]
    covariance: Column
    log_likelihood: float
    n: int
    n_scores: int
    n_left_out: int


@dataclass(frozen=True, slots=True, eq=False)
class _Pattern:
    """Sums over the `m` clients who were seen at the same visits: X'X, Y'X and Y'Y, zero where nobody was seen."""

    seen: NDArray[np.int64]
    m: int
    xx: Column
    yx: Column
    yy: Column


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """Everything at one covariance: each pattern's inverse, the coefficients (visits x q) and their covariance."""

    inverses: list[Column]
    coefficients: Column
    spread: Column
    log_likelihood: float


def mmrm(
    group: Sequence[str], before: Sequence[float], after: ArrayLike, *, visits: Sequence[str], reference: str
) -> Mmrm:
    """Compare groups at each visit. One entry a client; `after` is clients x visits, NaN where a score is missing.

    Differences are adjusted means minus that of `reference`, in points. With nobody missing, each visit's are exactly
    those of `ancova` with ordinary errors. Raises `BadInput` for columns that do not fit together, a group under two
    clients at a visit, or two visits that too few came to both; `DidNotConverge` when the fit does not settle.

    >>> group, before = ["usual"] * 4 + ["ipt"] * 4, [10, 14, 18, 22] * 2
    >>> after = [[9, 8], [12, 12], [16, 13], [18, float("nan")], [6, 4], [8, 8], [12, 9], [15, 13]]
    >>> for one in mmrm(group, before, after, visits=("week 4", "week 8"), reference="usual").visits:
    ...     found = one.differences[0]
    ...     one.visit, one.n, round(found.value, 2), round(found.standard_error, 2), round(found.df, 1)
    ('week 4', 8, -3.5, 0.37, 5.0)
    ('week 8', 7, -4.13, 0.7, 4.8)
    """
    table, start = np.asarray(after, dtype=float), np.asarray(before, dtype=float)
    if table.shape != (len(group), len(visits)) or len(start) != len(group) or not len(visits):
        raise BadInput("The columns differ in length, or the scores are not clients by visits.")
    keep = np.isfinite(start) & np.isfinite(table).any(axis=1)
    table, start, member = table[keep], start[keep], np.asarray(group, dtype=str)[keep]
    others = [str(one) for one in np.unique(member) if one != reference]
    design = np.column_stack([np.ones(len(start)), start - start.mean(), *(member == one for one in others)])
    seen = np.isfinite(table)
    _check(member, reference, others, design.astype(np.float64), seen)
    patterns = _patterns(design.astype(np.float64), table, seen)
    covariance, state = _settle(patterns, _start(design.astype(np.float64), table, seen))
    spread, df = _kenward_roger(patterns, state)
    q = design.shape[1]
    return Mmrm(
        reference=reference,
        visits=tuple(
            AtVisit(
                visit=str(visit),
                differences=tuple(
                    difference(
                        one, float(row[k]), math.sqrt(spread[v * q + k, v * q + k]), float(df[v * q + k])
                    )
                    for k, one in enumerate(others, 2)
                ),
                adjusted_means={reference: float(row[0])}
                | {one: float(row[0] + row[k]) for k, one in enumerate(others, 2)},
                n=int(seen[:, v].sum()),
            )
            for v, (visit, row) in enumerate(zip(visits, state.coefficients, strict=True))
        ),
        covariance=covariance,
        log_likelihood=state.log_likelihood,
        n=len(start),
        n_scores=int(seen.sum()),
        n_left_out=len(keep) - len(start),
    )


def _check(
    member: NDArray[np.str_], reference: str, others: list[str], design: Column, seen: NDArray[np.bool_]
) -> None:
    if reference not in member or not others:
        raise BadInput(f"A comparison needs the group '{reference}' and another one.")
    if min(seen[member == one].sum(axis=0).min() for one in (reference, *others)) < 2:
        raise BadInput("Each group needs at least two clients at each visit.")
    together = seen.T.astype(int) @ seen.astype(int)
    if together.min() <= design.shape[1]:
        raise BadInput("Too few clients came to both of two visits for this comparison.")
    if any(np.linalg.matrix_rank(design[at]) < design.shape[1] for at in seen.T):
        raise BadInput("There is too little between the people seen at one visit for this comparison.")


def _patterns(design: Column, table: Column, seen: NDArray[np.bool_]) -> list[_Pattern]:
    filled = np.where(seen, table, 0.0)
    kinds, place = np.unique(seen, axis=0, return_inverse=True)
    found = []
    for n, kind in enumerate(kinds):
        x, y = design[place.ravel() == n], filled[place.ravel() == n]
        found.append(_Pattern(np.flatnonzero(kind), len(x), x.T @ x, y.T @ x, y.T @ y))
    return found


def _start(design: Column, table: Column, seen: NDArray[np.bool_]) -> Column:
    """Covariance of each visit's own residuals, pair by pair, bent to be a covariance where missing scores break it."""
    rest = np.zeros_like(table)
    for v, at in enumerate(seen.T):
        rest[at, v] = table[at, v] - design[at] @ np.linalg.lstsq(design[at], table[at, v], rcond=None)[0]
    together = seen.T.astype(float) @ seen.astype(float)
    values, vectors = np.linalg.eigh(rest.T @ rest / (together - design.shape[1]))
    if values.max() <= 0:
        raise BadInput("Scores follow from the score before without any spread, so there is nothing to fit.")
    return np.asarray((vectors * np.maximum(values, 1e-2 * values.max())) @ vectors.T)


def _at(patterns: list[_Pattern], covariance: Column) -> _State | None:
    """Coefficients and likelihood at a covariance; nothing where it is none."""
    size, q = patterns[0].yx.shape
    inverses, log_determinant = [], 0.0
    for one in patterns:
        block = covariance[np.ix_(one.seen, one.seen)]
        sign, logdet = np.linalg.slogdet(block)
        if sign <= 0 or np.linalg.eigvalsh(block)[0] <= 0:
            return None
        inverse = np.zeros((size, size))
        inverse[np.ix_(one.seen, one.seen)] = np.linalg.inv(block)
        inverses.append(inverse)
        log_determinant += one.m * float(logdet)
    left = _kron_sum(inverses, patterns)
    right = sum((a @ one.yx for a, one in zip(inverses, patterns, strict=True)), np.zeros((size, q))).ravel()
    spread = np.asarray(np.linalg.inv(left), dtype=np.float64)
    beta = spread @ right
    squares = sum(float((a * one.yy).sum()) for a, one in zip(inverses, patterns, strict=True))
    scores = sum(one.m * len(one.seen) for one in patterns)
    rest = (scores - size * q) * math.log(2 * math.pi) + squares - float(right @ beta)
    likelihood = -0.5 * (rest + log_determinant + float(np.linalg.slogdet(left)[1]))
    return _State(inverses, beta.reshape(size, q), spread, likelihood)


def _kron_sum(tables: Sequence[Column], patterns: list[_Pattern]) -> Column:
    """Sum over patterns of a table of visits, crossed with that pattern's X'X."""
    size, q = patterns[0].yx.shape
    total = np.zeros((size * q, size * q))
    for table, one in zip(tables, patterns, strict=True):
        total += np.kron(table, one.xx)
    return total


def _units(size: int) -> Column:
    """What the covariance turns by for each of its numbers: one for each pair of visits."""
    pairs = [(j, k) for j in range(size) for k in range(j, size)]
    units = np.zeros((len(pairs), size, size))
    for n, (j, k) in enumerate(pairs):
        units[n, j, k] = units[n, k, j] = 1
    return units


def _slopes(patterns: list[_Pattern], state: _State, units: Column) -> Column:
    """How X'V^-1X turns with each number of the covariance (the P of Kenward and Roger)."""
    return np.array([-_kron_sum([a @ unit @ a for a in state.inverses], patterns) for unit in units])


def _derivatives(patterns: list[_Pattern], state: _State, units: Column) -> tuple[Column, Column]:
    """Gradient of the restricted likelihood by the numbers of the covariance, and the information expected of them."""
    size, q = patterns[0].yx.shape
    spread = state.spread.reshape(size, q, size, q)
    gradient, information = np.zeros((size, size)), np.zeros((len(units), len(units)))
    for a, one in zip(state.inverses, patterns, strict=True):
        b = state.coefficients
        known = np.einsum("ij,vjui->uv", one.xx, spread)
        rest = one.yy - b @ one.yx.T - one.yx @ b.T + b @ one.xx @ b.T
        gradient += one.m * a - a @ (known + rest) @ a
        turned = a @ units
        information += np.einsum("hij,lji->hl", turned, turned @ (one.m * np.eye(size) - 2 * a @ known))
    slopes = state.spread @ _slopes(patterns, state, units)
    information += np.einsum("hij,lji->hl", slopes, slopes)
    return -0.5 * np.einsum("hij,ij->h", units, gradient), 0.25 * (information + information.T)


def _settle(patterns: list[_Pattern], covariance: Column) -> tuple[Column, _State]:
    """Fisher's steps, halved until the likelihood rises, until a step promises nothing more."""
    units = _units(len(covariance))
    state = _at(patterns, covariance)
    for _ in range(_STEPS):
        if state is None:
            break
        gradient, information = _derivatives(patterns, state, units)
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        if float(gradient @ step) < _CLOSE * max(1.0, abs(state.log_likelihood)):
            return covariance, state
        turn, size = np.einsum("h,hij->ij", step, units), 1.0
        while size > 1e-8:
            tried = _at(patterns, covariance + size * turn)
            if tried is not None and tried.log_likelihood > state.log_likelihood:
                break
            size /= 2
        else:
            if float(gradient @ step) < 1e-8:
                return covariance, state
            break
        covariance, state = covariance + size * turn, tried
    raise DidNotConverge(
        "The comparison over visits did not settle on these scores, so nothing of it is reported."
    )


def _kenward_roger(patterns: list[_Pattern], state: _State) -> tuple[Column, Column]:
    """Covariance of the coefficients with what the estimated covariance adds to it, and each one's degrees of freedom.

    W is the inverse of the expected information. The covariance is linear in its numbers, so that the second
    derivatives of Kenward and Roger are zero; for one coefficient their scale is 1 and their df ``2 / A1``.
    """
    units = _units(len(state.coefficients))
    _, information = _derivatives(patterns, state, units)
    weight = np.linalg.inv(information)
    slopes = _slopes(patterns, state, units)
    crossed = []
    for a in state.inverses:
        turned = a @ units
        crossed.append(np.einsum("hij,hjk->ik", turned, np.einsum("hl,lij->hij", weight, turned)) @ a)
    added = _kron_sum(crossed, patterns)
    steps = slopes @ state.spread
    added -= np.einsum("hij,hjk->ik", steps, np.einsum("hl,lij->hij", weight, slopes))
    adjusted = state.spread + 2 * state.spread @ added @ state.spread
    moved = np.einsum("hii->hi", state.spread @ steps) / np.diag(state.spread)
    return np.asarray(adjusted), np.asarray(2 / np.einsum("hi,hl,li->i", moved, weight, moved))
