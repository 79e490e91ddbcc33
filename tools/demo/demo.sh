#!/bin/sh
# The main job, once, on the real records: check, propose a change on a branch of a throw-away
# clone, and show what it means, whom it hits and where it stands. Leaves everything in build/demo.
set -eu
root=$(git rev-parse --show-toplevel)
krav="$root/.venv/bin/krav"
out="$root/build/demo"
per=2026-12-01 # a fixed day, so that the result is the same every time
rm -rf "$out" && mkdir -p "$out"

step() { printf '\n== %s\n' "$1"; }

step "Registeret sjekkes"
cd "$root" && "$krav" sjekk

step "En sak åpnes på en gren i en kopi av lageret"
git clone --quiet --no-hardlinks "$root" "$out/lager"
cd "$out/lager"
git checkout --quiet -B main
git checkout --quiet -b sak-2026-901
"$root/.venv/bin/python" "$root/tools/demo/endring.py"
git add --all
git -c user.name=Kravforvalter -c user.email=kravforvalter@kravverk.example \
    commit --quiet --message "Sak 2026-901: hvor sikker en legemiddelreaksjon er"
git show --stat --format='%s' HEAD
"$krav" sjekk --mot main

step "Hva endringen betyr, og hvem den treffer"
"$krav" diff main HEAD

step "Hvor saken står"
"$krav" saker --per "$per"

step "Saksframlegget skrives, og nettstedet bygges fra hovedgrenen"
"$krav" rapport 2026-901 --per "$per" --til "$out/saksframlegg.html"
git checkout --quiet main
"$krav" nettsted --per "$per" --til "$out/nettsted" > /dev/null

step "Ferdig"
echo "Saksframlegg: $out/saksframlegg.html"
echo "Nettsted:     $out/nettsted/index.html (vises best med «make serve»)"
echo "Lageret:      $out/lager (grenen sak-2026-901)"
