"""The Norwegian words that carry the meaning of a requirement, and what they do to it.

Data only; `meaning` says what follows from it. All words are in small letters.
"""

from __future__ import annotations


def _pairs(text: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair.split("/")) for pair in text.split())


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """Phrases apart by semicolons, the longest first, so that «ikke mer enn» is not «mer enn»."""
    found = (tuple(phrase.split()) for phrase in text.split(";"))
    return tuple(sorted(found, key=len, reverse=True))


# Binding words and how strongly each binds; `skal` and `må` bind alike.
BINDING = {"skal": 3, "må": 3, "bør": 2, "kan": 1}
CAPABILITY = "kunne"  # «skal kunne»: the system must be able to, and need not always

NEGATIONS = frozenset(
    "ikke ikkje aldri ingen inga intet ingenting uten utan hverken verken".split()
)
EXCEPTIONS = _phrases("unntatt; unntaksvis; med unntak; bortsett fra; utenom; med mindre; foruten")
RESTRICTORS = frozenset("bare kun berre utelukkende".split())
CONDITIONS = frozenset("dersom hvis når såfremt forutsatt ifall".split())
SUBORDINATORS = CONDITIONS | frozenset(
    "som at mens fordi hva hvor hvordan hvem hvilke hvilken".split()
)

# Limits by direction: with an upper one a smaller number asks more, with a lower one a larger.
UPPER = _phrases(
    "ikke mer enn; ikke flere enn; ikke eldre enn; ikke lengre enn; ikke lenger enn; "
    "ikke senere enn; ikke høyere enn; ikke større enn; ikke over; mindre enn; færre enn; "
    "kortere enn; yngre enn; lavere enn; innen; senest; høyst; maks; maksimalt; inntil; opptil; "
    "under; senest innen; innen utgangen av"
)
LOWER = _phrases(
    "ikke mindre enn; ikke færre enn; ikke kortere enn; ikke lavere enn; ikke yngre enn; "
    "ikke under; ikke tidligere enn; mer enn; flere enn; eldre enn; lengre enn; lenger enn; "
    "høyere enn; større enn; minst; minimum; tidligst; over; i minst"
)
EXACT = _phrases("nøyaktig; akkurat; presis")
# Limits that leave the number itself out.
STRICT = frozenset(
    "mindre færre kortere yngre lavere under mer flere eldre lengre lenger høyere "
    "større over".split()
)
# Verbs that let something happen, so that a wider limit may ask more.
PERMISSIVE = frozenset("tillate tillater la lar godta godtar akseptere aksepterer tilby".split())
# The same after the number: «fire timer eller mer».
UPPER_AFTER = frozenset("mindre færre yngre kortere tidligere lavere".split())
LOWER_AFTER = frozenset("mer flere eldre lenger lengre senere høyere".split())

NUMBERS = {
    word: float(number)
    for number, words in enumerate(
        "null en/én/ei/ett/et to tre fire fem seks sju/syv åtte ni ti elleve tolv".split()
    )
    for word in words.split("/")
}
# Units of time in hours; a month and a year have no fixed length and compare with themselves only.
HOURS = {
    **dict.fromkeys(("millisekund", "millisekunder"), 1 / 3_600_000),
    **dict.fromkeys(("sekund", "sekunder"), 1 / 3600),
    **dict.fromkeys(("minutt", "minutter"), 1 / 60),
    **dict.fromkeys(("time", "timer", "timar"), 1.0),
    **dict.fromkeys(("døgn", "dag", "dager"), 24.0),
    **dict.fromkeys(("uke", "uker"), 168.0),
}

# Pairs of which the one undoes or excludes the other.
OPPOSITES = _pairs(
    "vise/skjule vises/skjules viser/skjuler åpne/låse åpen/låst åpnes/låses åpner/låser "
    "åpne/lukke åpen/lukket åpent/lukket stenge/åpne stenges/åpnes låst/ulåst "
    "tillate/hindre tillates/hindres tillater/hindrer tillate/forby godta/avvise godtas/avvises "
    "godtar/avviser sende/motta sendes/mottas sender/mottar legge/fjerne legges/fjernes "
    "starte/stoppe starte/stanse startes/stanses registrere/avregistrere "
    "registreres/avregistreres aktivere/deaktivere aktiveres/deaktiveres aktivert/deaktivert "
    "obligatorisk/valgfri obligatorisk/valgfritt obligatorisk/frivillig obligatoriske/valgfrie "
    "synlig/skjult synlige/skjulte gyldig/ugyldig gyldige/ugyldige aktiv/inaktiv aktive/inaktive "
    "aktive/seponerte aktiv/seponert inkludere/utelate inkluderes/utelates inkluderer/utelater "
    "bekrefte/avkrefte bekreftes/avkreftes bekreftet/avkreftet beholde/slette beholdes/slettes "
    "lagre/slette lagres/slettes før/etter innvilge/avslå avlese/avlyse avleses/avlyses "
    "manuelt/automatisk manuell/automatisk eldste/nyeste øverst/nederst påkrevd/valgfri "
    "påkrevd/valgfritt tilgjengelig/utilgjengelig signert/usignert signerte/usignerte "
    "blokkere/frigi kjent/ukjent stigende/synkende første/siste innkommende/utgående mulig/umulig "
    "ny/gammel nye/gamle nytt/gammelt større/mindre flere/færre eldre/yngre høyere/lavere "
    "lengre/kortere med/uten med/utan lagre/forkaste fra/til frå/til tillatt/forbudt"
)
MORE = frozenset("alle samtlige hver hvert enhver ethvert".split())  # quantifiers that reach all
LESS = frozenset("noen enkelte visse".split())  # and those that reach some

# Spellings and forms of one word that stand side by side in Norwegian.
VARIANTS = _pairs(
    "fram/frem framover/fremover framtid/fremtid framtidig/fremtidig framtidige/fremtidige "
    "framgår/fremgår framgå/fremgå framvise/fremvise framvises/fremvises framstille/fremstille "
    "framstilling/fremstilling framkommer/fremkommer framkomme/fremkomme framdeles/fremdeles "
    "syv/sju tyve/tjue epost/e-post eresept/e-resept emultidose/e-multidose "
    "sykehus/sjukehus sykehuset/sjukehuset sykehjem/sjukehjem sykepleier/sjukepleier "
    "sykepleiere/sjukepleiere sykepleieren/sjukepleieren sykdom/sjukdom syk/sjuk syke/sjuke "
    "boken/boka listen/lista tiden/tida siden/sida dosen/dosa uken/uka hjelpen/hjelpa "
    "endringen/endringa meldingen/meldinga seponeringen/seponeringa oppføringen/oppføringa "
    "legemiddellisten/legemiddellista løsningen/løsninga visningen/visninga "
    "registreringen/registreringa begrunnelsen/begrunnelsa behandlingen/behandlinga "
    "forskrivningen/forskrivninga vurderingen/vurderinga utleveringen/utleveringa "
    "lagret/lagra endret/endra varslet/varsla fornyet/fornya opprettet/oppretta "
    "avsluttet/avslutta virksomheten/virksomheta mengden/mengda "
    "ikke/ikkje bare/berre fra/frå uten/utan hvis/viss hva/kva hvordan/korleis hvem/kven "
    "en/ein et/eit noe/noko noen/nokon jeg/eg være/vere være/vera blir/vert ble/vart "
    "kunne/kunna mye/mykje"
)

# Phrases that settle a duty, by what they leave of it; from the one that asks most.
DUTY = {
    ("skal",): 3,
    ("må",): 3,
    ("skal", "ikke"): -3,
    ("bør",): 2,
    ("bør", "ikke"): -2,
    ("kan",): 0,
    ("trenger", "ikke"): 0,
}

# People and organisations; forms of one word side by side, and those that may be the same or
# part of another left out.
ACTORS = (
    frozenset("lege legen leger legene".split()),
    frozenset("jordmor jordmoren jordmødre jordmødrene".split()),
    frozenset("farmasøyt farmasøyten farmasøyter farmasøytene".split()),
    frozenset("tannlege tannlegen tannleger tannlegene".split()),
    frozenset("sykepleier sykepleieren sykepleiere sykepleierne".split()),
    frozenset("helsesykepleier helsesykepleieren helsesykepleiere helsesykepleierne".split()),
    frozenset("pasient pasienten pasienter pasientene".split()),
    frozenset("pårørende".split()),
    frozenset("apotek apoteket apotekene apoteksystem apoteksystemet".split()),
    frozenset("journalsystem journalsystemet".split()),
    frozenset("bandasjist bandasjisten bandasjister bandasjistene".split()),
    frozenset("sykehus sykehuset".split()),
    frozenset("sykehjem sykehjemmet".split()),
    frozenset("hjemmetjeneste hjemmetjenesten".split()),
    frozenset("legevakt legevakten".split()),
    frozenset("kjernejournal".split()),
    frozenset("reseptformidleren".split()),
    frozenset("helsenorge".split()),
    frozenset("fest".split()),
    frozenset("dips".split()),
    frozenset("helseplattformen".split()),
    frozenset("pridok".split()),
    frozenset("webmed".split()),
    frozenset("avsender avsenderen".split()),
    frozenset("mottaker mottakeren".split()),
)
# A number after one of these is a name, not an amount.
CODE_NOUNS = frozenset(
    "kodeverk kode koden årsakskode årsakskoden status versjon versjonen navnerom navnerommet "
    "hjemmel felt feltet kapittel §".split()
)
