"""What a machine can mend in a proposal, as suggestions that are taken with one click.

Reads two differences: what the proposal changes, as `git diff` prints it, and what `krav rydd`
would change on top of it, as `git diff --unified=0` does. Writes a review for the forge, with one
comment for each mend on lines that the proposal shows; the forge refuses comments on others. A
field that is moved is two mends, and taking only one of them would lose it: they are left out.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
MOST = 30  # suggestions; more are better taken as the patch


def hunks(diff: str) -> Iterator[tuple[str, range, range, list[str], list[str]]]:
    """Each hunk: the path, the lines before and after, and what they say before and after."""
    path, found = "", None
    for line in diff.splitlines():
        if line.startswith("diff "):
            found = None
        elif line.startswith("+++ "):
            path = line[4:].removeprefix("b/")
        elif match := _HUNK.match(line):
            old, olds, new, news = (int(part) if part else 1 for part in match.groups())
            found = (path, range(old, old + olds), range(new, new + news), [], [])
            yield found
        elif found and line.startswith(("-", "+")):
            found[3 if line.startswith("-") else 4].append(line[1:])


def _said(lines: list[str]) -> list[str]:
    """What some lines say, in whatever order; the version is the machine's to write."""
    told = (line.strip() for line in lines)
    return sorted(line for line in told if line and not line.startswith("versjon:"))


def review(proposal: str, mends: str) -> dict[str, object]:
    """The review as the forge takes it; `comments` is empty when there is nothing to suggest."""
    own = {(path, line) for path, _, new, *_ in hunks(proposal) for line in new}
    comments = []
    for path, old, _, was, lines in list(hunks(mends)):
        if old and _said(was) == _said(lines) and all((path, line) in own for line in old):
            text = "\n".join(lines)
            body = f"Dette kan rettes av en maskin.\n\n```suggestion\n{text}\n```"
            one = {"path": path, "side": "RIGHT", "line": old[-1], "body": body}
            comments.append(one | ({"start_line": old[0]} if len(old) > 1 else {}))
    return {"event": "COMMENT", "body": "<!-- krav rydd -->", "comments": comments[:MOST]}


if __name__ == "__main__":
    proposal, mends = (Path(name).read_text(encoding="utf-8") for name in sys.argv[1:3])
    print(json.dumps(review(proposal, mends), ensure_ascii=False))
