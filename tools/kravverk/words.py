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
# A sentence that begins with one of these, and has «, skal» later, begins with a condition.
FRONTED = frozenset(
    "er har blir ble mangler finnes kommer ligger inneholder overstyrer velger oppgir bruker får "
    "gjelder der hvor".split()
)
BINDING = {"skal": 3, "må": 3, "bør": 2, "kan": 1}
CAPABILITY = "kunne"  # «skal kunne»: the system must be able to, and need not always

NOT = frozenset("ikke ikkje aldri".split())  # right after the binding word they forbid
NEGATIONS = NOT | frozenset("ingen inga intet ingenting uten utan hverken verken".split())
EXCEPTIONS = _phrases("unntatt; unntaksvis; med unntak; bortsett fra; utenom; med mindre")
RESTRICTORS = frozenset("bare kun berre utelukkende".split())
CONDITIONS = frozenset("dersom hvis når såfremt forutsatt ifall".split())
SUBORDINATORS = CONDITIONS | frozenset(
    "som at mens fordi hva hvor hvordan hvem hvilke hvilken hvilket hvorvidt".split()
)
# What stands after these is a purpose, a reason, an example or a part, and no duty of its own.
ASIDE = frozenset("fordi ettersom slik hvorvidt eksempel f.eks typisk herunder".split())
# A sentence with one of these says what holds where another does not.
OTHERWISE = frozenset("ellers elles motsatt øvrige derimot".split())
# Verbs that turn what they govern, as a negation does.
HINDERS = frozenset(
    "hindre hindrer forhindre forhindrer unngå unngår mangle mangler utebli uteblir unnlate "
    "unnlater nekte nekter forby forbyr avvise avviser stanse stanser stoppe stopper sperre "
    "sperrer blokkere blokkerer begrense begrenser slippe slipper".split()
)

# Limits by direction: with an upper one a smaller number asks more, with a lower one a larger.
UPPER = _phrases(
    "ikke mer enn; ikke flere enn; ikke eldre enn; ikke lengre enn; ikke lenger enn; "
    "ikke senere enn; ikke høyere enn; ikke større enn; ikke over; mindre enn; færre enn; "
    "kortere enn; yngre enn; lavere enn; innen; senest; høyst; maks; maksimalt; inntil; opptil; "
    "under; senest innen; seinast; innan; høgst; ikkje meir enn; ikkje eldre enn; senest etter; "
    "i løpet av"
)
LOWER = _phrases(
    "ikke mindre enn; ikke færre enn; ikke kortere enn; ikke lavere enn; ikke yngre enn; "
    "ikke under; ikke tidligere enn; mer enn; flere enn; eldre enn; lengre enn; lenger enn; "
    "høyere enn; større enn; minst; minimum; tidligst; over; i minst; tidlegast; meir enn; "
    "ikkje mindre enn; ikkje yngre enn; tidligst etter"
)
LIMITING = {word for phrase in (*UPPER, *LOWER) for word in phrase}
LIMITING -= {"ikke", "enn", "i", "av", "etter"}
EXACT = _phrases("nøyaktig; akkurat; presis")
# Limits that leave the number itself out.
STRICT = frozenset(
    "mindre færre kortere yngre lavere under mer meir flere eldre lengre lenger høyere "
    "større over".split()
)
DEADLINE = frozenset(
    "innen innan senest seinast tidligst tidlegast løpet".split()
)  # limits of time
NUMBERED = frozenset("virkedag virkedagen dag dagen dager timer uke uken måned måneden".split())
CEILING = frozenset("inntil opptil".split())  # as much as may be, or as much as must be possible
# What these are done to is given by the limit, more often than how much of it.
TRIGGERS = frozenset("varsle logge melde rapportere flagge vise registrere slette".split())
STATES = frozenset("være vere ta ha ligge vare bruke gi vise beholde inneholde utgjøre".split())
# With these one such thing is enough: «ha en svartid som er under to sekunder».
CHOOSING = frozenset(
    "ha bruke benytte velge gi få være vere sette finne foreslå inneholde opprette lage".split()
)
# After these «når» asks for a time and is no condition.
ASKING = frozenset(
    "vite huske vise registrere lagre logge oppgi opplyse se si angi kontrollere sjekke om og tid "
    "tiden tidspunkt tidspunktet dato datoen klokkeslett klokkeslettet dag dagen".split()
)
# A limit after one of these says which things, and not how much the duty asks.
ABOUT = frozenset("for hos ved blant til med".split())
NEAR = ABOUT | frozenset("på av fra frå om etter over".split())  # right before the limit
# Finite verbs that show that «som» opens a relative clause («som er …», not «som avklart …»).
FINITE = frozenset("er har hadde ble blei blir vart var kommer gjelder tar varer utløper".split())
# Verbs that let something happen, so that a wider limit may ask more.
PERMISSIVE = frozenset(
    "tillate tillater la lar godta godtar akseptere aksepterer tilby støtte tåle håndtere romme "
    "klare greie motta mottar imot lese behandle godkjenne ignorere regne regnes telle telles "
    "vurdere vurderes anse anses forkaste forkastes merke merkes".split()
)
# The same after the number: «fire timer eller mer».
UPPER_AFTER = frozenset("mindre færre yngre kortere tidligere lavere".split())
LOWER_AFTER = frozenset("mer flere eldre lenger lengre senere høyere nyere".split())

_TENS = "tjue tretti førti femti seksti sytti åtti nitti".split()
_ONES = "null en/én/ei/ett/et to tre fire fem seks sju/syv åtte ni ti elleve tolv".split()
_ONES += "tretten fjorten femten seksten sytten atten nitten".split()
NUMBERS = {
    **{word: float(n) for n, words in enumerate(_ONES) for word in words.split("/")},
    **{ten: 20.0 + 10 * at for at, ten in enumerate(_TENS)},
    **{
        ten + one: 20.0 + 10 * at + n
        for at, ten in enumerate(_TENS)
        for n, ones in enumerate(_ONES[:10])
        for one in ones.split("/")
        if n
    },
}
# Units of measure: what they measure, and how much. Days are counted by the calendar, hours by the
# clock, and a month and a year have no fixed length, so that none of these compare with another.
UNITS = {
    word: (kind, size)
    for kind, size, words in (
        ("timer", 1 / 3_600_000, "millisekund millisekunder ms"),
        ("timer", 1 / 3600, "sekund sekunder"),
        ("timer", 1 / 60, "minutt minutter"),
        ("timer", 1, "time timer timar"),
        ("timer", 24, "døgn"),
        ("dager", 1, "dag dager dagar"),
        ("dager", 7, "uke uker veke veker"),
        ("virkedager", 1, "virkedag virkedager virkedagar"),
        ("måneder", 1, "måned måneder månad månader"),
        ("måneder", 12, "år"),
        ("prosent", 1, "prosent %"),
        ("gram", 1e-6, "µg mikrogram"),
        ("gram", 1e-3, "mg milligram"),
        ("gram", 1, "g gram"),
        ("gram", 1e3, "kg kilogram"),
        ("liter", 1e-3, "ml"),
        ("liter", 1, "l liter"),
        ("byte", 1e3, "kb"),
        ("byte", 1e6, "mb"),
        ("byte", 1e9, "gb"),
        ("ganger", 1, "gang ganger gonger"),
        ("grader", 1, "grad grader"),
    )
    for word in words.split()
}
TIME = frozenset("timer dager virkedager måneder år dato klokken".split())

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
    "avsender/mottaker avsenderen/mottakeren lengre/kortere "
    "økt/redusert øke/redusere økes/reduseres øker/reduserer aktive/avsluttede "
    "med/uten med/utan lagre/forkaste fra/til frå/til tillatt/forbudt alltid/aldri"
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
    "kunne/kunna mye/mykje hvis/dersom hverken/verken opplysninger/opplysningar samtykket/samtykt"
)

# Abbreviations and phrases that are the same, without full stops.
SAME_PHRASES = frozenset(
    frozenset(tuple(phrase.split()) for phrase in pair.split("/"))
    for pair in (
        "bl.a/blant annet;f.eks/for eksempel;dvs/det vil si;ca/cirka;etterhvert/etter hvert;"
        "osv/og så videre;m.m/med mer;pga/på grunn av;iht/i henhold til;isteden/i stedet;"
        "istedenfor/i stedet for;pr/per;m.v/med videre;mv/med videre;idag/i dag;m.a/mellom anna"
    ).split(";")
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

# Those that are surely not the same, group by group: people and places, systems, products. Forms
# of one word stand together; what may be a part of another, or the same, is left out.
ACTORS = tuple(
    tuple(frozenset(forms.split()) for forms in group.split(";"))
    for group in (
        "lege legen leger legene; jordmor jordmoren jordmødre jordmødrene; "
        "farmasøyt farmasøyten farmasøyter farmasøytene; "
        "tannlege tannlegen tannleger tannlegene; "
        "sykepleier sykepleieren sykepleiere sykepleierne; "
        "pasient pasienten pasienter pasientene; pårørende; apotek apoteket apotekene; "
        "bandasjist bandasjisten bandasjister bandasjistene; sykehus sykehuset; "
        "sykehjem sykehjemmet; hjemmetjeneste hjemmetjenesten",
        "rekvirent rekvirenten; pasient pasienten; pårørende; apotek apoteket",
        "rekvirentsystem rekvirentsystemet; apoteksystem apoteksystemet",
        "apotek apoteket apoteksystem apoteksystemet; journalsystem journalsystemet; "
        "kjernejournal; reseptformidleren; helsenorge; fest",
        "dips; helseplattformen; pridok; webmed",
        "rød rødt røde; gul gult gule; grønn grønt grønne; blå blått; oransje; grå grått; hvit",
        "milligram mg; mikrogram µg; gram g; kilogram kg; milliliter ml; liter",
        "fødselsnummer fødselsnummeret; organisasjonsnummer organisasjonsnummeret; her-id; "
        "hpr-nummer hpr-nummeret; d-nummer; navn navnet; telefonnummer telefonnummeret; "
        "adresse adressen; fødselsdato fødselsdatoen",
        "sms; e-post; brev; telefon",
        "pdf; html; xml; json; csv",
        "virkestoff virkestoffet; styrke styrken; mengde mengden; dosering doseringen",
    )
)
# A number after one of these is a name, not an amount.
CODE_NOUNS = frozenset(
    "kodeverk kode koden årsakskode årsakskoden status versjon versjonen navnerom navnerommet "
    "felt feltet port porten feilkode feilkoden statuskode statuskoden varegruppekode".split()
)
# What is numbered and only referred to: what it says must be read.
REFERENCES = frozenset(
    "kapittel kapitlet kap punkt punktet pkt avsnitt vedlegg tabell figur krav kravet § hjemmel "
    "artikkel paragraf side ledd del trinn se jf nr nummer".split()
)
# A sentence with one of these says what another means, or when or where it holds.
DEFINING = frozenset(
    "anses regnes forstås tolkes menes bety likestilles stedet isteden istedenfor heller erstatte "
    "erstatter erstattes slike kravet krava kravene plikten plikta bestemmelsen unntaket kraft "
    "overgangsperiode midlertidig inntil".split()
)
VAGUE = frozenset(  # what these add or leave out to a list is not settled by the words
    "eventuelt gjerne helst så lignende liknende annet andre anna videre fremst framst dermed "
    "derfor dels tilsvarende mer minst".split()
)
# Verbs that pick out things, so that what follows may say which.
SHOWING = frozenset("vise vises liste listes telle telles markere merke skjule".split())
# Things said of several together, so that one more is not one more duty.
TOGETHER = frozenset(
    "mellom sammen samlet sammenligne sammenlikne skille kombinere koble forholdet erstatte bytte "
    "telle samme lik like likt sum antall antallet summen forskjell forskjellen begge både enten "
    "verken enn at for med ulik ulike ulikt avviker avvike stemmer forskjellig forskjellige".split()
)
ADJUNCTS = frozenset("inntil etter før ved innen under over uten utan mot per siden senest".split())
PREPOSITIONS = ADJUNCTS | frozenset("i på til fra frå av om med for hos".split())
