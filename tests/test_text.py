"""The canonical form of text and the word diff: laws over generated texts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kravverk.render import prosa, redline
from kravverk.text import normal, tokens, word_diff

words = st.text(st.sampled_from("abæøå1.,"), min_size=1, max_size=6).filter(
    lambda word: not re.match(r"\d+[.)]$", word)
)
sentence = st.lists(words, min_size=1, max_size=12)
marker = st.sampled_from(["- ", "* ", "1. ", ""])


@st.composite
def prose(draw: st.DrawFn) -> str:
    """Paragraphs and lists, wrapped at random."""
    blocks = []
    for _ in range(draw(st.integers(1, 4))):
        mark = draw(marker)
        lines = draw(st.lists(sentence, min_size=1, max_size=3))
        pad = " " * len(mark)
        blocks.append(mark + f"\n{pad}".join(" ".join(line) for line in lines))
    return "\n\n".join(blocks)


def shown(text: str) -> str:
    """What a reader sees: not whether a list is loose, nor where `*` takes over from `-`."""
    html = re.sub(r"</?p>|(</?(?:ul|ol|li)>)", r" \1 ", str(prosa(text)))
    return re.sub(r"</(ul|ol)> <\1> ?", "", " ".join(html.split()))


@given(prose())
def test_canonical_form_is_a_fixed_point(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(prose())
def test_canonical_form_shows_the_same(text: str) -> None:
    assert shown(normal(text)) == shown(text)


@given(st.lists(sentence, min_size=1, max_size=3))
def test_wrapping_changes_nothing(paragraphs: list[list[str]]) -> None:
    flat = "\n\n".join(" ".join(line) for line in paragraphs)
    wrapped = "\r\n\r\n".join("\r\n".join(line) for line in paragraphs)
    assert normal(flat) == normal(wrapped)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a\nb\n\n\nc", "a b\n\nc"),
        ("* a\n  b\n\n* c", "- a b\n- c"),
        ("- a\n    1. b\n- c", "- a\n    1. b\n- c"),
        ("senest\n24. desember", "senest 24. desember"),
        ("a\n- b", "a\n\n- b"),
        ("- a\n\n  b", "- a\n\n    b"),
        ("a\u030a", "å"),
        ("", ""),
    ],
)
def test_canonical_form(text: str, canonical: str) -> None:
    assert normal(text) == canonical


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_steps_lead_from_the_old_text_to_the_new(gammel: str, ny: str) -> None:
    steps = word_diff(gammel, ny)
    assert "".join(words for slag, words in steps if slag != "inn") == gammel
    assert "".join(words for slag, words in steps if slag != "ut") == ny


@given(st.text(max_size=60))
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(slag == "lik" for slag, _ in word_diff(text, text))
    assert "".join(tokens(text)) == text


@pytest.mark.parametrize(
    ("gammel", "ny", "out", "put_in"),
    [
        ("innen 24 timer", "innen 48 timer", ["24"], ["48"]),
        ("i M25.1 i dag", "i M25.2 i dag", ["M25.1"], ["M25.2"]),
        ("fra 2026-03-01.", "fra 2026-03-02.", ["2026-03-01"], ["2026-03-02"]),
        ("skal vise", "skal ikke vise", [], [" ikke"]),
        ("se PLL-0042 for mer", "se PLL-0043 for mer", ["PLL-0042"], ["PLL-0043"]),
        ("mer enn ti", "flere enn ti", ["mer"], ["flere"]),
    ],
)
def test_a_number_or_code_changes_whole(
    gammel: str, ny: str, out: list[str], put_in: list[str]
) -> None:
    steps = word_diff(gammel, ny)
    assert [words for slag, words in steps if slag == "ut"] == out
    assert [words for slag, words in steps if slag == "inn"] == put_in


def test_a_long_text_with_one_insertion_keeps_the_rest() -> None:
    # difflib's autojunk would give up on the frequent words of a text this long.
    long = "systemet skal vise listen og sende den videre . " * 90
    steps = word_diff(long, long.replace("listen", "hele listen", 1))
    changed = [(slag, words.strip()) for slag, words in steps if slag != "lik"]
    assert changed == [("inn", "hele")]


def test_redline_escapes_and_says_what_it_shows() -> None:
    html = redline("vis <b>listen</b>", "skjul <b>listen</b>")
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
    assert "fjernet: " in html
    assert "lagt til: " in html


@pytest.mark.parametrize(
    ("old", "new", "apart"),
    [
        ("vis listen nå", "skjul listen nå", True),  # two words side by side
        ("vis den (listen) nå", "vis den nå", False),
        ("svar, og send", "svar og send", False),
        ("vis listen og send", "vis listen; send", False),  # a mark stands close to its word
    ],
)
def test_only_a_word_right_behind_what_it_replaces_is_set_apart(
    old: str, new: str, apart: bool
) -> None:
    assert ('<ins class="ved">' in redline(old, new)) == apart


@pytest.mark.parametrize(
    "hostile",
    ["<script>x</script>", "[a](javascript:x)", "![a](x)", "<!-- x", "&#60;script&#62;", "`<i>`"],
)
def test_prose_lets_no_markup_through(hostile: str) -> None:
    allowed = re.sub(r"</?(p|em|strong|ul|ol|li|code)>", "", prosa(hostile))
    assert "<" not in allowed
    assert "href" not in re.sub(r"\[.*?\]\(.*?\)", "", allowed)
