"""Reading one file: what the folders cannot show."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conftest import CASES
from kravverk.comparison import compare
from kravverk.diff import Endring, diff, fingeravtrykk, raw_differences
from kravverk.file_rules import MAX_BYTES
from kravverk.models import Krav, fields
from kravverk.reading import read_form
from kravverk.register import Register, read
from kravverk.rules import check_step
from kravverk.source import line_of
from kravverk.step_rules import ufordelt_forskjell

FIL = "krav/pll/PLL-0001.yaml"
GOOD = (CASES / "_register" / FIL).read_bytes()


def test_a_file_that_is_too_large_is_one_finding() -> None:
    record, found = read_form(Krav, FIL, GOOD + b"#" * MAX_BYTES)
    assert record is None
    assert [f.regel for f in found] == ["stor-fil"]


@given(st.binary(max_size=400))
def test_bytes_never_raise(data: bytes) -> None:
    record, found = read_form(Krav, FIL, data)
    assert record is None
    assert found


@given(st.integers(0, len(GOOD)), st.binary(max_size=8))
def test_a_damaged_record_never_raises(at: int, junk: bytes) -> None:
    record, found = read_form(Krav, FIL, GOOD[:at] + junk + GOOD[at:])
    assert (record is None) == bool(found)
    assert all(f.linje >= 1 and f.melding and f.utvei for f in found)


@pytest.mark.parametrize(
    "deep", ["[" * 100_000, "- " * 100_000, "a: " + "{a: " * 50_000, "? " * 50_000]
)
def test_deep_nesting_is_a_finding_and_no_crash(deep: str) -> None:
    assert [f.regel for f in read_form(Krav, FIL, deep.encode())[1]] == ["for-dypt"]


def test_yaml_words_are_the_words_that_stand_there() -> None:
    words = ["no", "on", "yes", "1.10", "012", "12:30", "null", "~", "0x1f", "1e3", "2026-01-01"]
    text = GOOD.decode().replace("[M25.1]", "[" + ", ".join(words) + "]")
    record, found = read_form(Krav, FIL, text.encode())
    assert not found
    assert record
    assert set(record.meldinger) == set(words)


def test_a_field_knows_its_line() -> None:
    assert line_of(GOOD, ("gjelder", "rekvirent")) == 11
    assert line_of(GOOD, ("meldinger", "M25.1")) == 14
    assert line_of(GOOD, ("finnes_ikke",)) == 1


@given(st.randoms(use_true_random=False), st.integers(20, 200), st.sampled_from([None, "'", '"']))
def test_reformatting_changes_nothing(random: object, width: int, style: str | None) -> None:
    tree = yaml.load(GOOD, Loader=yaml.BaseLoader)  # noqa: S506 - builds strings only
    keys = list(tree)
    random.shuffle(keys)  # type: ignore[attr-defined]
    text = yaml.dump(
        {key: tree[key] for key in keys},
        allow_unicode=True,
        sort_keys=False,
        width=width,
        default_style=style,
    )
    before, _ = read({FIL: GOOD})
    after, found = read({FIL: text.encode()})
    assert not found
    assert diff(before, after) == []


# --- Laws of the difference -----------------------------------------------------------------------

values = st.one_of(
    st.fixed_dictionaries(
        {
            "tekst": st.text(st.sampled_from("abc æø."), max_size=20).map("ord{}".format),
            "tittel": st.sampled_from(["En", "To"]),
            "gjelder": st.dictionaries(
                st.sampled_from(["rekvirent", "apotek", "plo"]),
                st.sampled_from(["skal", "bør", {"plikt": "kan", "dersom": "multidose"}]),
                min_size=1,
            ),
            "meldinger": st.lists(st.sampled_from(["M1", "M25.1", "M9.12"]), max_size=3),
            "status": st.sampled_from(["gjeldende", "til_utprøving"]),
            "godkjenning": st.sampled_from(["nhn-test", "selvdeklarering"]),
            "frister": st.dictionaries(
                st.sampled_from(["kan_brukes_fra", "utfases"]),
                st.sampled_from(["2026-01-01", "2027-01-01"]),
            ),
        }
    )
)
registers = st.dictionaries(
    st.sampled_from(["PLL-0001", "PLL-0002", "KI-0001"]), values, max_size=3
)


def files(records: dict[str, dict[str, object]]) -> dict[str, bytes]:
    """The records as files; JSON is YAML too."""
    return {
        f"krav/{ident.split('-')[0].lower()}/{ident}.yaml": json.dumps(
            {"id": ident, "versjon": "1", "tema": "t", **record}, ensure_ascii=False
        ).encode()
        for ident, record in records.items()
    }


def flat(records: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    register, found = read(files(records))
    assert not found
    return {post: fields(record) for post, record in register.poster.items()}


def applied(
    before: dict[str, dict[str, object]],
    changes: list[Endring],
    after: dict[str, dict[str, object]],
) -> dict[str, dict[str, object]]:
    """`before` with the changes carried out; a new record's fields are looked up in `after`."""
    result = {post: dict(record) for post, record in before.items()}
    for change in changes:
        if change.slag == "ny_post":
            result[change.post] = after[change.post]
        elif change.slag == "slettet_post":
            del result[change.post]
        elif change.slag == "fjernet":
            assert result[change.post].pop(str(change.felt)) == change.gammel
        else:
            assert result[change.post].get(str(change.felt)) == change.gammel
            result[change.post][str(change.felt)] = change.ny
    return result


@given(registers)
def test_a_register_does_not_differ_from_itself(one: dict[str, dict[str, object]]) -> None:
    register, _ = read(files(one))
    assert diff(register, register) == []


@given(registers, registers)
def test_the_changes_lead_from_one_register_to_the_other(
    one: dict[str, dict[str, object]], other: dict[str, dict[str, object]]
) -> None:
    changes = diff(read(files(one))[0], read(files(other))[0])
    assert applied(flat(one), changes, flat(other)) == flat(other)
    assert len({(c.post, c.felt) for c in changes}) == len(changes)


@given(registers, registers)
def test_the_fingerprint_does_not_depend_on_order_and_tells_changes_apart(
    one: dict[str, dict[str, object]], other: dict[str, dict[str, object]]
) -> None:
    changes = diff(read(files(one))[0], read(files(other))[0])
    assert fingeravtrykk(changes) == fingeravtrykk(reversed(changes))
    if changes:
        assert fingeravtrykk(changes) != fingeravtrykk(changes[1:])


@given(registers, registers)
def test_every_difference_is_claimed_exactly_once(
    one: dict[str, dict[str, object]], other: dict[str, dict[str, object]]
) -> None:
    (before, _), (after, _) = read(files(one)), read(files(other))
    found = compare(before, after, "a", "b")
    raw = raw_differences(before, after)
    assert {(e.post, (e.felt or "").split(".")[0]) for e in found.endringer} == raw
    assert list(ufordelt_forskjell(found)) == []
    for lost in (found.endringer[:-1], found.endringer[1:]) if found.endringer else ():
        kept = {e.post + (e.felt or "").split(".")[0] for e in lost}
        thin = replace(found, endringer=lost)
        assert bool(list(ufordelt_forskjell(thin))) == (len(kept) < len(raw))
    if found.endringer:
        doubled = replace(found, virkninger=found.virkninger * 2)
        assert list(ufordelt_forskjell(doubled))


SYSTEMS = {
    f"krav/systemer/{name}.yaml": json.dumps(
        {"id": name, "navn": name, "leverandor": "L", "grupper": groups, "funksjoner": functions}
    ).encode()
    for name, groups, functions in (
        ("en", ["rekvirent"], {"multidose": "ja"}),
        ("to", ["apotek", "plo"], {}),
        ("tre", ["plo"], {"multidose": "nei"}),
    )
}
MIRROR = {
    "skjerpet": "lempet",
    "lempet": "skjerpet",
    "ny_plikt": "bortfalt",
    "bortfalt": "ny_plikt",
}


@given(registers, registers)
def test_what_is_tightened_one_way_is_relaxed_the_other(
    one: dict[str, dict[str, object]], other: dict[str, dict[str, object]]
) -> None:
    before, after = (read(SYSTEMS | files(side))[0] for side in (one, other))
    there = compare(before, after, "a", "b").virkninger
    back = {
        (r.post, r.felt, r.system): r.klasse for r in compare(after, before, "b", "a").virkninger
    }
    for row in there:
        other_way = back[row.post, row.felt, row.system]
        assert other_way == MIRROR.get(row.klasse, row.klasse)


@given(registers, registers, st.randoms(use_true_random=False))
def test_the_order_of_records_means_nothing(
    one: dict[str, dict[str, object]], other: dict[str, dict[str, object]], rng: Random
) -> None:
    def shuffled(side: dict[str, dict[str, object]]) -> Register:
        every = list((SYSTEMS | files(side)).items())
        rng.shuffle(every)
        return read(dict(every))[0]

    plain = compare(read(SYSTEMS | files(one))[0], read(SYSTEMS | files(other))[0], "a", "b")
    mixed = compare(shuffled(one), shuffled(other), "a", "b")
    assert (mixed.endringer, mixed.virkninger) == (plain.endringer, plain.virkninger)
    assert check_step(mixed) == check_step(plain)
