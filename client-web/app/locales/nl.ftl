# Wie dit leest, leest misschien op een telefoon die een ander kan pakken, en heeft twee minuten.
# A2/B1, jij, één gedachte per zin. Nooit iets beloven. Geen schuld, geen "weet je het zeker?".
# Namen staan in { $name }; de app zorgt zelf dat ze goed staan in een andere leesrichting.

## Altijd

danger-short = Gevaar? 112
back = Terug
go-on = Verder
close-notice = Sluit deze melding
connecting = Verbinden…
connection-lost = De verbinding is weg. We proberen het opnieuw. Wat je nu schrijft, is nog niet verstuurd.
connection-degraded = Er kan nu niets worden verstuurd: er is een storing. We blijven het proberen. De nummers blijven staan.
connection-refused = Deze app kan nu geen verbinding maken. Opnieuw proberen helpt niet. De nummers blijven staan.
open-unknown = We kijken nog wie er nu is.
open-not-seen = We kunnen nu niet zien wie er is.
open-hosts = Er is nu een begeleider.
open-no-hosts = Er is nu geen begeleider.
open-services = Nu van dienst: { $services }.
open-no-services = Er is nu geen hulpverlener van dienst in deze app.
listed-and = { $others } en { $last }
listed-comma = { ", " }
service = { $service ->
    [wijkteam] wijkteam
    [veilig-thuis] Veilig Thuis
    [politie] politie
   *[other] { $service }
  }

## Gevaar

danger-title = Ben je nu in gevaar?
danger-lead = Deze nummers werken ook zonder deze app.
danger-trace = Een telefoontje blijft staan in de lijst met gesprekken op je telefoon.
danger-more = Andere nummers
danger-back = Terug naar waar je was
call-number = Bel { $number }
line-note = { $line ->
    [alarm] Bij gevaar op dit moment. Een stil gesprek wordt verbroken als twee vragen zonder antwoord blijven. Zeg dus iets, hoe kort ook.
    [alarm-app] De app van 112. Je kunt er typen, maar pas als de centralist de chat opent.
    [veilig-thuis] Veilig Thuis. Gratis, dag en nacht. De chat is er meestal alleen op kantooruren.
    [politie] Politie, als er geen haast is.
    [csg] Centrum Seksueel Geweld. Dag en nacht, ook chat.
    [zelfdoding] Denk je aan de dood? 113. Dag en nacht, ook chat.
    [slachtofferhulp] Slachtofferhulp Nederland.
    [kindertelefoon] Kindertelefoon. Voor kinderen. Gratis, ook chat.
    [schadefonds] Schadefonds. Geld na geweld met ernstig letsel.
   *[other] { $line }
  }
checked = Nagekeken: { $month ->
    [1] januari
    [2] februari
    [3] maart
    [4] april
    [5] mei
    [6] juni
    [7] juli
    [8] augustus
    [9] september
    [10] oktober
    [11] november
   *[other] december
  } { NUMBER($year) }

## Binnenkomen

step = Stap { NUMBER($step) } van 3
safe-title = Kun je nu veilig lezen en typen?
safe-yes = Ja
safe-unsure = Ik weet het niet
safe-no = Nee
unsure-title = Twijfel je? Let dan hierop
unsure-1 = Ga zo zitten dat niemand op je scherm kan kijken.
unsure-2 = Houd je duim bij ‘Snel weg’. Eén tik, en je ziet het weer.
unsure-3 = Schrijf geen echte namen en geen adres.
no-title = Dan kan dit wachten
no-1 = Tik op ‘Snel weg’. Je ziet dan een site over het weer.
no-2 = Kom terug als je alleen bent. Het liefst op een toestel dat niemand anders gebruikt.
no-3 = Bel 112 als er gevaar is.
nickname-title = Hoe wil je hier heten?
nickname-hint = Kies een naam die niemand van je kent. Niet je echte naam.
nickname-label = Jouw naam hier
nickname-other = Andere naam
invited-by = Je komt met een uitnodiging van { $partner }. De begeleiders zien dat als je met hen praat. De link werkt één keer.
invited-not = Deze uitnodiging is verlopen of klopt niet. Je kunt ook zonder uitnodiging meedoen.
nicknames = Klaproos, Iris, Madelief, Merel, Egel, Wilg, Varen, Lijster, Kievit, Linde, Vlinder, Zwaluw, Hazelaar, Lavendel, Otter, Tulp, Winterkoning, Brem, Libel, Anemoon, Beuk, Roodborst, Salie, Wulp
choose-title = Wat wil je doen?
choose-title-named = Wat wil je doen, { $name }?
choose-peers = Praat met anderen
choose-peers-about = Eerst kort met een begeleider. Daarna in de groep.
choose-peers-unseen = Dat kan nu niet: we zien nu niet of er een begeleider is.
choose-peers-closed = Dat kan nu niet: er is geen begeleider.
choose-professional = Vraag een professional
choose-professional-about = Je doet een oproep aan een hulpverlener die nu van dienst is.
choose-professional-nobody = Er is nu niemand van dienst. Bel liever een van de nummers.
choose-professional-degraded = Dat kan nu niet: er is een storing. Bel liever een van de nummers.
choose-professional-offline = Dat kan nu niet: er is geen verbinding. Bel liever een van de nummers.
choose-professional-later = De verbinding is weg. Je oproep gaat pas weg als die er weer is. Bel liever een van de nummers.
choose-later = Later iemand spreken
choose-later-about = Je vraagt een hulpverlener. Dat hoeft niet meteen.
choose-library = Lezen en weten
choose-library-about = Rechten, politie, geld, wonen, kinderen. Je vertelt niemand iets.
library-open = Lezen en weten
choose-danger = Ik ben in gevaar
choose-danger-about = Je ziet meteen welke nummers je kunt bellen.
choose-back-to-room = Terug naar het gesprek
choose-back-to-call = Terug naar je oproep
rules-title = Zo doen we het hier
rule-1 = Niemand hoeft te weten wie je bent. Schrijf geen achternaam, adres of school. Ook niet van een ander.
rule-2 = Wat iemand hier vertelt, blijft hier. Maak geen foto van je scherm.
rule-3 = Jij kiest wat je vertelt. Alleen meelezen mag ook.
rule-4 = Luister zonder oordeel. Vraag niemand waarom ze niet weggaat.
rule-5 = Is het zwaar wat je schrijft? Zet er ‘let op’ boven en houd het kort.
rule-6 = Zoek elkaar niet op buiten deze groep.
rule-7 = Een begeleider kan je even apart nemen, of vragen om te gaan.
rule-8 = Een begeleider is een vrijwilliger en geen hulpverlener. Een hulpverlener vraag je met de knop ‘Vraag een professional’.
rule-9 = Je mag altijd weg. Je hoeft niet te zeggen waarom.
rules-accept = Zo doe ik mee
rules-early = Je kunt alvast typen. Versturen kan zodra er verbinding is.
rules-sending = We vragen of je erin mag…

## Bij de begeleiders

line-title = Je bent bij de begeleiders
line-wait = De begeleiders die er nu zijn, kunnen dit lezen. We weten niet wanneer iemand antwoordt. Schrijven mag al.
line-private = Dit lezen alleen jij en de begeleiders. De groep leest dit niet.
line-talk = Je praat met een begeleider. Zij kan je in de groep laten.
line-place = Is de verbinding weg, of laad je de pagina opnieuw? Je plek blijft tien minuten staan.
line-first = Je bent als eerste aan de beurt.
line-almost = Een of twee mensen zijn eerder aan de beurt dan jij.
line-some = Een paar mensen zijn eerder aan de beurt dan jij.
host-away = { $minutes ->
    [0] is net even weg
    [one] is { $minutes } minuut weg
   *[other] is { $minutes } minuten weg
  }
host-place-free = is weg; haar plek is vrij
line-rules = De afspraken

## In gesprek

peer-title = De groep
peer-title-number = Groep { NUMBER($number) }
log-label = Berichten
log-empty = Hier is nog niets geschreven sinds je binnen bent. Wat eerder is gezegd, zie je niet.
log-empty-call = Hier is nog niets geschreven.
members = Wie is hier ({ NUMBER($count) })
role-person = deelnemer
role-host = begeleider
role-professional = hulpverlener
role-professional-of = hulpverlener, { $service }
role-presenter = spreker
role-coordinator = coördinator
role-unproven = onbekend
verified = nagekeken
unproven-note = Van deze persoon is niet nagekeken wie het is.
you = jij
nameless = iemand zonder naam
epoch-code = Controlegetal
epoch-code-about = Iedereen in dit gesprek ziet dezelfde tien cijfers. Zie je andere, dan klopt er iets niet.
note-joined = { $name } is er.
note-left = { $name } is weg.
note-removed = { $name } is door een begeleider uit het gesprek gehaald.
note-returned = { $name } was even weg en is terug, met een nieuwe sleutel.
note-missed = Wat hier even is gezegd, kon jouw toestel niet lezen. Vanaf nu lees je weer mee.
note-stuck = Het toestel van { $name } doet hier niet meer mee, omdat er iets niet klopte. Een begeleider kan helpen.
note-moved = De groep is naar een nieuwe ruimte gegaan. Wat eerder is gezegd, staat hier niet.
composer-label = Jouw bericht
composer-hint = Typ hier
send = Verstuur
sending = Versturen…
sent = Verstuurd
not-sent = Niet verstuurd
retry = Probeer opnieuw
catching-up = We halen het gesprek op…
leave = Weggaan
alarm = Er klopt iets niet in dit gesprek. We versturen hier niets meer. Wacht op een begeleider, of druk op ‘Weggaan’ en begin opnieuw.
hint-phone = Dit lijkt op een telefoonnummer.
hint-mail = Dit lijkt op een e-mailadres.
hint-postcode = Dit lijkt op een postcode.
hint-plate = Dit lijkt op een kenteken.
hint-street = Dit lijkt op een adres.
hint-name = Dit lijkt op een hele naam.
hint-ask = Wil je dit echt delen?
hint-send = Ja, verstuur het zo
hint-change = Ik pas het aan
gone-removed = Een begeleider heeft je uit het gesprek gehaald. Soms staat de reden in het gesprek met de begeleiders. Je kunt nog wel een professional vragen.
gone-left = Je bent uit het gesprek.
gone-over = Dat gesprek is voorbij. Je kunt het hier niet meer lezen.
gone-not-joined = Het is niet gelukt om in het gesprek te komen. Probeer het nog een keer.
failed-no-hosts = Er is nu geen begeleider. Je kunt wel een professional vragen, of een nummer bellen.
failed-admit = Deze persoon kan nu niet naar binnen. Misschien is zij weg, is de groep vol, of moet de groep eerst naar een nieuwe ruimte.
failed-open-room = De groep is niet geopend. Probeer het nog een keer.
failed-not-attended = De groep is niet open. Er is nog maar één begeleider, of er is geen hulpverlener bereikbaar. Kijk wat er staat en kies opnieuw.
failed-already-taken = Een ander heeft deze oproep al.
failed-call-gone = Deze oproep is er niet meer.
failed-office = Dat is niet gelukt. Iemand anders heeft intussen iets veranderd, of de server weigert. Kijk naar de lijst en probeer het nog eens.
failed-channel = Zo kunnen we je niet oproepen. Kijk na of het nummer of adres klopt.
failed-agreements-full = Er kan geen afspraak meer bij. Haal er een weg, of zet er twee in één.
failed-agreement-long = Deze afspraak is te lang. Schrijf hem korter op.
failed-agreement-empty = Er staat nog niet wat is afgesproken.
failed-outcome = Zo kan het niet zijn afgelopen. Kijk je antwoorden na.
failed-other = Dat is niet gelukt. Misschien lukt het als je het nog een keer doet.

## Wat er gepland is

planned-title = Straks
planned-when = { $day }, { $from } tot { $until }
planned-open = Nu open
planned-open-now = Nu open: { $theme }, tot { $until }.
planned-next = Volgende groep: { $day } om { $time }, { $theme }.
planned-hosts = Begeleiders: { $names }.
planned-size = Voor { NUMBER($count) } mensen.
planned-language = { $code ->
    [nl] In het Nederlands.
    [en] In het Engels.
    [ar] In het Arabisch.
   *[other] Taal: { $code }.
  }
planned-by-invitation = Alleen met een uitnodiging.
plan-title = Kalender
plan-nothing = Er is niets gepland.
plan-new = Plan een groep
plan-theme = Thema
plan-day = Dag
plan-time = Begint om
plan-length = Duurt
plan-minutes = { NUMBER($count) } minuten
plan-size = Hoeveel mensen?
plan-language = Taal
plan-hosts = Wie begeleidt?
plan-go = Zet in de kalender
plan-change = Wijzig
plan-change-of = Wijzig { $theme }
plan-changing = Wijzig wat er gepland staat
plan-save = Bewaar
plan-remove = Haal weg
plan-remove-of = Haal weg: { $theme }
plan-overloaded = { $name } staat vaker dan twee keer per dag of vier keer per week in de kalender. Dat is veel.
host-sessions = Jouw groepen
host-overloaded = Je leidt in een week meer dan vier groepen, of op een dag meer dan twee. Dat is veel. Praat erover met je coördinator.
opening-which = Voor welke groep uit de kalender?
opening-for = { $time }, { $theme }
opening-none = Geen groep uit de kalender
failed-plan = Zo kan het niet in de kalender. Kijk naar het thema, de tijd en de begeleiders.

## Wie er mag praten

floor-frozen = Er is nu geen begeleider. Even kan niemand iets versturen. Wat je typt, blijft staan.
floor-waiting = De groep is nog niet open. Je kunt hier wachten. Gaat de groep open, dan kun je meteen typen.
floor-unstaffed = Er is nu geen hulpverlener van dienst in deze app. De nummers werken wel.
floor-closed = Deze groep is gesloten. Je kunt hier niets meer versturen.
floor-closed-unattended = Er kwam geen begeleider terug. Daarom is deze groep gesloten. Je kunt hier niets meer versturen.
floor-muted = Een begeleider heeft je even stil gezet, tot { $time }. Wat je typt, blijft staan.
floor-aside = Een begeleider wil even alleen met jou praten. Wat je hier typt, blijft staan.
floor-held = Wat je verstuurt, leest eerst een begeleider.
floor-slow = Rustig aan: { NUMBER($seconds) } seconden tussen twee berichten.
floor-ends = De groep stopt om { $time }.
floor-ends-soon = Nog even: de groep stopt om { $time }.
recognise = Ik herken iemand
went-away = Je gaat uit de groep. De anderen zien dan alleen dat je weg bent. De begeleiders lezen dan dat je daar nu liever niet bent, en niet waarom.
note-went-away = { $name } is zelf uit de groep gegaan en is daar nu liever niet. Vraag hier hoe het gaat.
hide-member = Verberg de berichten van { $name }
show-member = Toon de berichten van { $name } weer
hidden-message = Een bericht van iemand die je verbergt.
hidden-show = Toon dit bericht
crisis-mark = Let hierop
to-line = Praat met een begeleider
to-group = Terug naar de groep
held = Wacht op de begeleider
returned = Niet geplaatst. De begeleider schrijft: { $reason }
returned-change = Pas aan
message-discard = Haal weg
held-title = Wacht op jou
held-of = { $name } wil zeggen:
held-let-through = Laat door
held-return = Geef terug
held-reason = Waarom? { $name } leest dit.
held-reason-known = Hieraan kan iemand je herkennen. Kun je dat weglaten?
held-reason-heavy = Dit kan voor anderen te zwaar zijn. Kun je ‘let op’ erboven zetten, zonder details?
held-reason-hurts = Dit kan een ander pijn doen. Kun je het anders zeggen?
held-count = { $count ->
    [one] { $count } bericht wacht op jou
   *[other] { $count } berichten wachten op jou
  }
opening-about = Deze groep is nog niet open. Alleen begeleiders kunnen nu iets zeggen.
opening-two = Er zijn twee of meer begeleiders.
opening-alone = Je bent hier de enige begeleider. Met twee is beter.
opening-staffed = Er is een hulpverlener bereikbaar.
opening-unstaffed = Er is nu geen hulpverlener bereikbaar. Dat lezen de deelnemers ook.
opening-unknown = We weten nu niet of er een hulpverlener bereikbaar is.
opening-open = Open de groep
opening-anyway = Open de groep toch
measures = Maatregelen
measure-slow = Tempo
measure-slow-off = Ieder in eigen tempo
measure-slow-seconds = { NUMBER($seconds) } seconden tussen twee berichten
measure-newcomers = Wie straks nieuw binnenkomt
measure-newcomers-off = Praat meteen mee
measure-newcomers-count = { $count ->
    [one] Het eerste bericht lees je eerst
   *[other] De eerste { $count } berichten lees je eerst
  }
measure-until = Stop over { NUMBER($minutes) } minuten
measure-longer = Een kwartier langer
measure-close = Sluit de groep
measure-close-about = Dan kan niemand hier nog iets zeggen. De groep gaat niet meer open.
measure-close-now = Sluit de groep nu
measure-close-not = Laat de groep open
member-more = Maatregelen voor { $name }
member-mute = Zet 10 minuten stil
member-muted = is stil tot { $time }
member-unmute = Laat weer praten
member-hold = Lees berichten eerst
member-held = berichten gaan eerst naar de begeleiders
member-release = Laat weer vrij praten
member-aside = Neem even apart
member-is-aside = praat even alleen met een begeleider
member-back = Haal terug in de groep
member-line = Praat alleen met { $name }
remove-reason = Waarom? { $name } leest dit in het gesprek met de begeleiders.
remove-block = Mag 24 uur niet terug in deze groep
remove-not = Toch niet
host-blocked = Mag tot { $day } { $time } niet terug in groep { NUMBER($number) }.
line-blocked = Je kunt tot { $day } { $time } niet in de groep. Je kunt hier wel met de begeleiders praten, of een professional vragen.
ready-title = Vaste teksten
ready-welcome = Welkom allemaal. Fijn dat jullie er zijn. Je hoeft niets te vertellen.
ready-round = We doen een rondje. Met welk woord kom je vanavond binnen?
ready-names = Denk aan elkaars veiligheid: geen namen, plaatsen of scholen.
ready-heavy = Schrijf ‘let op’ boven iets zwaars. Laat details van geweld weg.
ready-last = Over tien minuten stoppen we. Is er nog iets dat je kwijt wilt?
ready-help = Gaat het nu niet goed met je? Je kunt een professional vragen, of even alleen met een begeleider praten.

## Een professional vragen

intake-title = Vraag een professional
intake-lead = Je hoeft niets in te vullen. Alleen één keuze is nodig: of een hulpverlener met je mag praten.
intake-skip = Ga meteen naar die keuze
intake-service = Wie wil je vragen?
intake-service-open = { $service }: nu van dienst
intake-service-closed = { $service }: nu niemand van dienst
intake-when = Wanneer wil je iemand spreken?
intake-when-today = Vandaag nog
intake-when-contact = Wanneer mijn contactpersoon kan
intake-now = Nu
intake-safe = Ben je nu veilig?
intake-read-along = Leest er iemand mee?
answer-yes = Ja
answer-no = Nee
answer-unknown = Weet ik niet
intake-minutes = Hoe lang kun je nu typen?
minutes-unsaid = Weet ik niet
minutes = { $count ->
    [60] Een uur of langer
   *[other] Ongeveer { $count } minuten
  }
intake-where = Waar is iedereen?
intake-where-is-he = Waar is hij of zij nu?
intake-where-is-he-hint = De persoon bij wie je niet veilig bent. Geen naam of adres nodig.
intake-children = Waar zijn de kinderen, als die er zijn?
intake-words = In jouw woorden
intake-wants = Wat wil je nu het liefst?
intake-tried = Wat heb je al geprobeerd?
intake-flags = Speelt dit?
intake-flags-lead = Kruis aan wat klopt. Niets aankruisen mag ook.
flag-strangulation = Mijn keel is dichtgeknepen
flag-separation = Ik ben weggegaan, of ik wil weggaan
flag-stalking = Ik word gevolgd of in de gaten gehouden
flag-threats = Er is gedreigd om iemand te doden
flag-weapon = Er is een wapen
flag-fear = Ik ben bang dat ik het niet overleef
intake-language = Taal
intake-language-label = In welke taal wil je praten?
language-name = Nederlands
consent-title = Waar zeg je ja op?
consent-read = Lees eerst dit:
consent-volunteer = Een begeleider is vrijwilliger. De meldcode geldt niet voor vrijwilligers.
consent-professional = Een hulpverlener van het wijkteam of Veilig Thuis moet wel de meldcode volgen. Bij acuut gevaar kan zij een melding doen bij Veilig Thuis, ook als jij dat niet wilt. Als het veilig is, zegt ze het eerst tegen jou.
consent-police = De politie heeft eigen plichten, en die zijn anders. Vraag ernaar voordat je meer vertelt.
consent-anonymous = Wij weten niet hoe je heet en niet waar je woont. Zolang jij dat niet zegt, kan zo’n melding in de praktijk niet over jou gaan.
consent-each = Elke keuze staat los. Waar je niets kiest, geef je geen toestemming.
consent-talk = Een hulpverlener mag binnenkomen en met mij praten
consent-needed = Kies eerst hierboven of een hulpverlener met je mag praten. Zonder die keuze kunnen we geen oproep doen.
consent-left-behind = Wat je hier invulde, gaat nu niet helemaal mee. Het gaat alleen mee waar je hierboven ja op zegt.
consent-summary = Mag lezen wat ik hierboven schreef
consent-last-messages = Mag mijn laatste berichten uit de groep lezen
consent-municipality = Mag weten in welke gemeente ik ben
consent-identity = Mag weten wie ik ben, als ik dat vertel
consent-share-with-partner = Mag overleggen met een andere dienst, als die bij naam is genoemd
consent-host-comes-along = Een begeleider mag erbij blijven
intake-reach = Later
intake-safe-ways = Wanneer en hoe is het veilig om je te bereiken?
intake-municipality = In welke gemeente ben je?
intake-municipality-hint = Gaat alleen mee als je daar ja op zei.
intake-optional = Mag je overslaan
raise-about = Na het versturen zie je hier wat er gebeurt. We weten nog niet of het lukt om iemand te bereiken.
raise-later = Het kan een tijd duren voordat iemand antwoordt. Kijk hier later terug: we sturen je niets.
raise-send = Verstuur de oproep
raising = Je oproep wordt klaargezet…

## De oproep

call-title = Je oproep
call-not-sent = Je oproep is nog niet verstuurd. We blijven het proberen.
call-stored = Je oproep is binnen. We proberen een hulpverlener te bereiken. We weten nog niet of dat lukt.
call-unstaffed = Er is nu niemand van dienst in deze app. Wacht hier niet op.
call-unstaffed-more = Je oproep blijft wel staan.
call-still-waiting = Nog niemand heeft geantwoord. Dat ligt niet aan jou. We blijven proberen.
call-still-unstaffed = Nog niemand heeft geantwoord. Dat ligt niet aan jou. Je oproep blijft wel staan.
call-taken = Hulpverlener { $who } heeft je oproep gezien en opent het gesprek.
call-active = Je praat met hulpverlener { $who }.
call-lead-lost = We zoeken opnieuw contact met een hulpverlener.
call-attention = We roepen { $who } nog een keer voor je. We weten niet of het lukt.
call-rests = Hier is dertig dagen niets geschreven. Je oproep rust. Je kunt altijd verder.
call-closed = Deze oproep is gesloten. Je kunt altijd een nieuwe doen.
call-who = { $name } ({ $service })
call-elapsed = Tijd sinds je oproep:
call-elapsed-words = { $minutes ->
    [0] nog geen minuut
    [one] { $minutes } minuut
   *[other] { $minutes } minuten
  }
call-lines = Deze nummers werken nu ook
call-write = Je kunt alvast schrijven. Wie je oproep aanneemt, kan het lezen.
call-stop = Ik wil stoppen
call-stop-about = Dan zoeken we niet verder en sluit het gesprek. Later een nieuwe oproep doen kan altijd.
call-close = Sluit de oproep
call-keep = Laat de oproep staan
call-nudge = Ik krijg geen antwoord. Roep nog een keer
call-nudged = Je vraagt het nog een keer. We weten niet of het lukt.
call-undo = Sluiten was een vergissing
call-reopen = Ik wil verder praten
call-reopen-about = Dan roepen we opnieuw een hulpverlener op. We weten niet of het lukt.
call-done = { $who } denkt dat jullie klaar zijn. Jij beslist.
call-done-yes = Ja, sluit de oproep
call-done-no = Nee, ik wil verder
call-asked-over = { $who } vraagt iemand van { $service } om het gesprek over te nemen.
call-asked-help = { $who } vraagt iemand van { $service } om mee te praten.
call-asked-stays = { $who } blijft bij je tot die collega iets tegen je zegt.
call-accepted = { $colleague } neemt het gesprek over zodra je een bericht van { $colleague } ziet. Tot dan is { $who } er.
call-assistant = Praat ook mee: { $who }
agreed = Afspraken: { NUMBER($count) }
agreed-by = Uiterlijk { $day }
agreed-done = Gedaan
agreed-look-up = Lees wat is afgesproken op { $day }
agreed-alone = Het gesprek zelf is weg. Dit bewaren we nog voor jou. Wie je telefoon of je zes woorden heeft, kan het ook lezen.
agreed-away = Bewaar dit niet langer
aftercare-title = Wil je dat we hier later op terugkomen?
aftercare-about = Kies een moment. Als je daarna hier komt, vragen we of er is gedaan wat is afgesproken. We sturen je nooit iets. Niemand anders ziet wat je kiest.
aftercare-safe = Over veilige momenten schreef je:
aftercare-when = Vanaf wanneer?
aftercare-week = Over een week
aftercare-month = Over een maand
aftercare-months = Over drie maanden
aftercare-own-day = Op een dag die ik zelf kies
aftercare-time = Vanaf hoe laat? Dit mag leeg blijven.
aftercare-how = Hoe?
aftercare-question = Vraag het me alleen
aftercare-talk = Vraag het me, en laat me dan ook zien hoe ik iemand kan spreken
aftercare-go = Vraag het me dan
aftercare-chosen = Als je hier komt na { $when }, vragen we het je.
aftercare-phrase = Om later terug te komen heb je zes woorden nodig. Je vindt ze bij “Later terugkomen”.
aftercare-not = Vraag het me toch niet
aftercare-counted = Je hebt hierover al antwoord gegeven.
aftercare-asked = Is er gedaan wat is afgesproken?
aftercare-count = We tellen je antwoord. Er staat niet bij van wie het is.
aftercare-partly = Deels
aftercare-thanks = Dank je. Je antwoord is onderweg.
aftercare-sorry = Dank je dat je het zegt. Je antwoord is onderweg. Dat het niet is gedaan, ligt niet aan jou.
aftercare-reach = Praat verder in dat gesprek
aftercare-anew = Dan doe je een nieuwe oproep. We weten niet of we iemand bereiken.
aftercare-close = Klaar

## Wie eerst wordt opgeroepen

contact-title = Vaste contactpersoon
contact-about = Kies je iemand? Dan roepen we die bij een volgende oproep als eerste op, als die dan dienst heeft. Anders eerst je vervanger. Daarna de anderen.
contact-person = Contactpersoon
contact-deputy = Vervanger
contact-choose = Kies { $name } als contactpersoon
contact-choose-deputy = Kies { $name } als vervanger
contact-drop = Haal weg
contact-first = We roepen eerst { $name } op, als die nu dienst heeft.
contact-first-of-two = We roepen eerst { $name } op, als die nu dienst heeft. Anders eerst { $deputy }.

## Toestemming veranderen

consented-title = Waar je ja op zei
consented-about = Je kunt dit altijd veranderen. Wat iemand al heeft gelezen, kan die persoon niet vergeten.
consented-changed = Dit gaat naar wie met je praat. Is er geen verbinding, dan pas als die er weer is.

## Codewoorden

code-title = Codewoorden
code-about = Spreek met je hulpverlener woorden af die iets anders betekenen. Typ je zo’n woord, dan ziet alleen wie je oproep leest wat je bedoelt.
code-agreed = Je sprak een woord af voor:
code-saved = De woorden zelf laten we hier niet meer zien.
code-write = Spreek codewoorden af
code-change = Kies andere woorden
code-forget = Vergeet mijn codewoorden
code-choose = Kies woorden die gewoon klinken, maar die je anders nooit typt. Minstens zes letters. Je hoeft niet alles in te vullen.
code-read-along = Er leest iemand mee
code-stop = Stop, ik kan nu niet verder
code-send-help = Stuur hulp
code-silent = Verstuur je het woord voor hulp in een gesprek, dan doen we in stilte een oproep. Het gesprek op je scherm blijft zoals het is. Ga je daar weg, dan staat bij je keuzes wel ‘Terug naar je oproep’. Is er geen verbinding, dan gaat de oproep pas weg als die er weer is. Ook dat zie je niet. We weten niet of iemand antwoordt, en we bellen geen 112.
code-note = Wat moet een hulpverlener dan weten? Dit gaat mee met die oproep.
code-save = Bewaar de woorden
code-too-short = Kies een langer woord, van minstens zes letters.
code-too-long = Kies een korter woord, of schrijf minder.
code-alike = Twee woorden lijken te veel op elkaar. Kies een ander woord.
heard-read-along = Codewoord: er leest iemand mee.
heard-read-along-then = Schrijf alleen wat iedereen mag lezen. Noem geen hulp, geen afspraken en geen plannen.
heard-stop = Codewoord: stop.
heard-stop-then = Zij kan nu niet verder. Vraag niets meer. Wacht tot zij weer schrijft.
heard-send-help = Codewoord: stuur hulp.
heard-send-help-then = Doe wat je met haar hebt afgesproken. Haar scherm laat niet zien wat dit woord betekent. Schrijf alleen wat iedereen mag lezen.

## Begeleider

desk-until = Je pas geldt nog { $days ->
    [0] minder dan een dag
    [one] { $days } dag
   *[other] { $days } dagen
  }. Vraag je coördinator om een nieuwe. Zonder pas kun je hier niets meer doen.
desk-unattended = Een groep heeft geen begeleider meer, sinds { $time }. Niemand kan daar nu iets versturen. Kun je een begeleider bereiken?
host-title = Vanavond
host-alias = Jij bent { $name }, begeleider.
host-lines = Wie wacht er?
host-no-lines = Er wacht nu niemand.
host-invited = Uitnodiging van { $partner }. Hij klopt en is nog niet eerder gebruikt.
host-invited-checking = Met een uitnodiging. We kijken of die klopt.
host-invited-used = Let op: deze uitnodiging van { $partner } is al eens gebruikt.
host-invited-wrong = Let op: haar uitnodiging is verlopen of klopt niet.
host-invited-not = Geen uitnodiging getoond. Deze groep is alleen op uitnodiging.
host-full = Groep { NUMBER($number) } is vol ({ NUMBER($count) } van { NUMBER($size) }). Je mag toch iemand toelaten.
host-waiting = wacht { $minutes ->
    [0] nog geen minuut
    [one] { $minutes } minuut
   *[other] { $minutes } minuten
  }
host-admitted = is in groep { NUMBER($number) }
host-admitted-elsewhere = is in een andere groep
host-line-left = is weggegaan
host-open-line = Open gesprek met { $name }
host-rooms = Groepen
host-no-rooms = Er is nog geen groep open.
host-open-room = Open een groep
host-room-about = { $count ->
    [one] { $count } persoon
   *[other] { $count } personen
  }
host-room-waiting = nog niet open
host-enter-room = Ga naar groep { NUMBER($number) }
host-admit = Laat binnen in groep { NUMBER($number) }
host-admit-none = Open eerst een groep. Dan kun je { $name } binnenlaten.
host-move = Ga met de groep naar een nieuwe ruimte
host-move-about = Iemand loopt hier vast, of deze groep heeft een oudere beveiliging. Iedereen die er nu is, gaat vanzelf mee.
host-remove = Haal { $name } eruit
host-professionals = Hulpverleners
host-choose = Kies een gesprek uit de lijst.
line-with = Gesprek met { $name }

## Hulpverlener

duty-title = Dienst
duty-alias = Jij bent { $name }, { $service }.
duty-online = Verbonden. Oproepen komen hier binnen. Houd deze pagina open.
duty-offline = Niet verbonden. Er komen nu geen oproepen binnen.
duty-calls = Oproepen
duty-no-calls = Er is nu geen oproep.
duty-ringing = Er wacht iemand
duty-wants-over = Een collega vraagt je om een gesprek over te nemen
duty-wants-help = Een collega vraagt je om mee te helpen
duty-since = Oproep van { $minutes ->
    [0] minder dan een minuut geleden
    [one] { $minutes } minuut geleden
   *[other] { $minutes } minuten geleden
  }
duty-take = Ik neem de oproep aan
duty-take-over = Ik neem het over
duty-help = Ik kom erbij
duty-cannot = Ik kan niet
duty-why-not = Waarom kun je niet?
duty-reason-busy = Ik ben met iemand anders bezig
duty-reason-field = Dit is niet mijn werk
duty-reason-off = Mijn dienst is voorbij
duty-reason-knows = Ik ken iemand die erbij hoort
duty-reason-other = Iets anders
duty-taking-over = Je neemt het gesprek over zodra je iets schrijft. Tot dan is je collega er.
duty-assisting = Je helpt mee. Een collega leidt dit gesprek.
duty-assist = Ik wil meehelpen
duty-attention = Er wordt op je antwoord gewacht
duty-rests = Rust: hier is dertig dagen niets geschreven
lead-tools = Verder in dit gesprek
lead-next = Je dienst eindigt om { $time }. Daarna heeft { $name } dienst.
lead-next-now = Je dienst is om { $time } geëindigd. Nu heeft { $name } dienst.
lead-next-ask = Vraag { $name } om dit gesprek over te nemen
lead-next-not = Ik ga zelf door
lead-ask = Vraag een collega
lead-service = Van welke dienst?
lead-what = Waarvoor?
lead-over = Om het gesprek over te nemen
lead-help = Om mee te helpen
lead-send = Vraag het
lead-stays = Jij blijft verantwoordelijk tot je collega iets heeft geschreven.
lead-ask-first = Je hebt nog geen toestemming om met een andere dienst te overleggen. Vraag het eerst in het gesprek.
lead-asked-over = Gevraagd: iemand van { $service } om over te nemen
lead-asked-help = Gevraagd: iemand van { $service } om mee te helpen
lead-unreached = Daar is nu niemand bereikbaar.
lead-accepted = { $who } zei ja en moet nu iets schrijven.
lead-ended-declined = Niemand kan komen. De laatste reden: { $reason }.
lead-ended-nobody = Niemand heeft geantwoord.
lead-ended-words = Een collega zei ja, maar schreef niets.
lead-ended-withdrawn = Niet meer nodig.
lead-end = Toch niet nodig
lead-done = Ik denk dat we klaar zijn
lead-done-about = De ander leest dat en beslist zelf. Jij kunt de oproep niet sluiten.
lead-done-said = Je denkt dat jullie klaar zijn. De ander beslist.
lead-give-back = Ik kan niet verder
lead-give-back-about = Dan roepen we direct iemand anders op. De ander leest dat we opnieuw zoeken.
lead-give-back-yes = Roep iemand anders op
agreed-add = Schrijf een afspraak op
agreed-what = Wat is afgesproken?
agreed-who = Wie doet dat?
agreed-when = Uiterlijk op welke dag? Dit mag leeg blijven.
agreed-about = De ander leest dit ook, en kan het later terugvinden. Schrijf alleen op wat zij mag laten zien: misschien kijkt er iemand mee.
agreed-save = Schrijf op
agreed-is-done = Dit is gedaan
agreed-not-done = Toch niet gedaan
agreed-change = Verander
agreed-drop = Haal weg
outcome-title = Hoe liep dit af?
outcome-about = We tellen dit alleen. Er staat niet bij om wie het ging.
outcome-due = Dit gesprek is voorbij. Zeg nog hoe het afliep.
outcome-spoke = Heeft iemand met haar gesproken?
outcome-what = Wat is er gedaan? Kies alles wat klopt.
outcome-send = Tel dit
outcome-information = Uitleg of advies gegeven
outcome-safety-plan = Veiligheidsplan gemaakt
outcome-emergency = 112 gebeld
outcome-restraining = Huisverbod aangevraagd
outcome-shelter = Plek in de opvang gevonden
outcome-no-shelter = Er was geen plek in de opvang
outcome-advice = Advies van Veilig Thuis gekregen
outcome-report-agreed = Melding bij Veilig Thuis, zij vond het goed
outcome-report-not-agreed = Melding bij Veilig Thuis, zonder haar toestemming
outcome-police = Aangifte of melding bij de politie
outcome-legal = Hulp van een jurist of advocaat
outcome-victim-support = Slachtofferhulp
outcome-sexual = Centrum Seksueel Geweld
outcome-care = Huisarts of ggz
outcome-children = Hulp voor de kinderen
outcome-housing = Hulp bij wonen of geld
outcome-contact = Zij heeft een vaste contactpersoon
outcome-handed-over = Een collega heeft het overgenomen en geschreven
outcome-left = Zij ging weg
outcome-not-reached = Niet bereikt
outcome-no-need = Er was niets meer nodig
outcome-misuse = De oproep was niet echt bedoeld
own-times-title = Jouw eigen tijden
own-times-taken = Van de oproep op dit scherm tot je hem had: { $time }
own-times-spoke = Van dan tot je eerste bericht: { $time }
own-times-seconds = { $seconds ->
    [one] { $seconds } seconde
   *[other] { $seconds } seconden
  }
own-times-minutes = { $minutes ->
    [one] { $minutes } minuut
   *[other] { $minutes } minuten
  }
own-times-about = { $calls ->
    [one] Van je laatste oproep. Alleen jij ziet dit.
   *[other] De middelste van je laatste { $calls } oproepen. Alleen jij ziet dit.
  }
duty-key = Sleutel nog onderweg. Je kunt de oproep nog niet aannemen.
duty-taking = Aannemen…
duty-taken = Jij hebt deze oproep. Schrijf een eerste bericht: tot dan loopt de klok door.
duty-active = In gesprek
duty-closed = Gesloten door de persoon zelf
duty-not-yours = Je hoeft nu niets te doen: een ander heeft deze oproep, je kon niet, of hij is voorbij.
duty-open = Open het gesprek
duty-waits = Wacht nog op een hulpverlener
duty-card = Intake
duty-no-card = De intake is nog niet te lezen.
duty-when = Wanneer
duty-when-today = Vandaag
duty-when-contact = Wanneer haar contactpersoon kan
duty-last-messages = Wat zij het laatst in de groep zei
duty-code-words = Codewoorden
duty-consents = Toestemming
duty-not-consented = Geen toestemming
duty-nothing-said = niet ingevuld
duty-minutes = Tijd om te typen
duty-room-not-ready = Het gesprek wordt geopend…

## Coördinator

office-title = Kantoor
office-you = Jij bent coördinator.
office-lead = Hier regel je de passen. Zonder geldige pas kan een collega hier niets doen.
office-alarm-unanswered = Een oproep heeft nog geen antwoord. Bel iemand die dienst heeft.
office-alarm-often = Een oproep is meer dan twee keer overgedragen. Bel iemand die dienst heeft.
office-loading = We halen de lijst op…
office-saving = We leggen het vast…
office-due = { $count ->
    [one] { $count } pas loopt binnen een maand af, of is al afgelopen:
   *[other] { $count } passen lopen binnen een maand af, of zijn al afgelopen:
  }
office-renew = { $count ->
    [one] Verleng { $count } pas
   *[other] Verleng { $count } passen
  }
office-colleagues = Collega’s
office-until = pas geldig tot { $date }
office-ends-soon = loopt binnen een maand af
office-ended = afgelopen
office-uncovered = staat op het rooster na het einde van de pas
office-revoke = Trek de pas in
office-revoke-of = Trek de pas in van { $name }
office-revoke-sure = Zeker weten? { $name } kan dan meteen niets meer.
office-revoke-yes = Ja, trek de pas in
office-revoke-not = Laat de pas staan
office-proposals = Voorstellen
office-signed = { NUMBER($signed) } van { NUMBER($needed) } handtekeningen
office-cosign = Onderteken ook
office-cosign-of = Onderteken ook voor { $name }
office-cosigned = Jij hebt ondertekend.
office-certify = Geef iemand een pas
office-certify-role = Wat gaat deze persoon doen?
office-certify-alias = Naam hier
office-certify-alias-hint = Deze naam ziet iedereen. Het hoeft niet de echte naam te zijn.
office-certify-service = Dienst
office-certify-service-hint = Schrijf hem precies zoals in het rooster, bijvoorbeeld: veilig-thuis
office-certify-go = Maak de pas
office-away = Dit kan weer als er verbinding is. Wat je typte, blijft staan.
office-invite = Maak een uitnodiging
office-invite-partner = Wie geeft de uitnodiging?
office-invite-hint = Deze naam ziet wie met de link komt. De begeleiders zien hem ook.
office-invite-go = Maak de link
link-for = Link voor { $about }
link-from = Uitnodiging van { $about }
link-staff = Deze link is alleen voor { $about }. Wie hem heeft, kan zich hier voordoen als { $about }. We tonen hem maar één keer.
link-paste = Klik hem niet aan: dan blijft hij in de browser staan. Open { $address } en kies “{ $choice }”. Plak hem daar.
link-invitation = Deze link werkt één keer, drie dagen lang.
link-done = Klaar, haal weg

## Terugkomen

device-open = Onthoud mij op dit toestel
device-lead = Dan heb je hier je link niet meer nodig. Lees eerst dit:
device-own = Er blijft iets op dit toestel staan. Doe het alleen op een toestel dat van jou is en dat niemand anders gebruikt.
device-pin = Je kiest een pincode van zes cijfers of meer. Die heb je elke keer nodig.
device-whoever = Wie dit toestel en je pincode heeft, kan zich hier voordoen als jij.
device-stays = ‘Snel weg’ haalt dit niet weg. Dat doe je zelf, op elk toestel waar je binnen bent.
device-keep = Onthoud mij
device-count = { $count ->
    [one] { $count } toestel onthoudt jou.
   *[other] { $count } toestellen onthouden jou.
  }
device-forget = Vergeet mij op alle toestellen
pin-title = Je pincode
pin-label = Pincode
pin-short = Een pincode heeft minstens zes cijfers, en niets anders.
pin-wrong = Deze pincode klopt niet, of dit toestel is vergeten. Na tien keer fout wordt het toestel vergeten.
pin-without = Verder zonder pincode

phrase-open = Later terugkomen
phrase-title = Later terugkomen
phrase-lead = Met zes woorden kun je later verder waar je was. Ook op een ander toestel.
phrase-lost = Wie de woorden heeft, kan alles lezen wat hier van jou staat. Zonder de woorden kan niemand erbij, wij ook niet. Ben je ze kwijt, dan ben je dit kwijt.
phrase-draw = Laat zes woorden zien
phrase-write = Leer ze uit je hoofd, of schrijf ze op waar niemand zoekt. Dit zijn dezelfde woorden als telefoonnummers. Die kun je ook opschrijven.
phrase-keep = Ik heb ze
phrase-other = Andere woorden
phrase-keeping = Even wachten. We leggen het vast.
phrase-kept = Klaar. Deze woorden horen nu bij jouw plek hier.
phrase-waits = Nog niet klaar: er is geen verbinding. Ga je nu weg, dan werken deze woorden niet.
screen-code-open = Een code voor dit scherm
screen-code-title = Een code voor dit scherm
screen-code-about = Raak je dit scherm tien minuten niet aan? Dan vraagt het om deze code. Wie daarna je telefoon pakt, leest niet mee.
screen-code-lost = Ben je de code kwijt? Dan kom je alleen terug met je zes woorden. Daarna kun je hem uitzetten.
screen-code-label = Vier tot acht cijfers
screen-code-short = Kies vier tot acht cijfers.
screen-code-go = Zet de code aan
screen-code-on = De code staat aan.
screen-code-off = Zet de code uit
return-open = Ik heb zes woorden of een link
return-title = Terugkomen
return-lead = Typ je zes woorden, met een spatie ertussen. Of typ de drie telefoonnummers. Een link plakken kan ook.
return-label = Jouw woorden
return-meant = Bedoel je: { $words }?
return-looking = Even wachten. We zoeken wat van jou is.
return-count = Dit zijn geen zes woorden of drie telefoonnummers. Kijk nog eens.
return-words = Eén of meer woorden staan niet in onze lijst. Kijk naar de letters.
return-digits = Er klopt een cijfer niet. Kijk nog eens.
return-nothing = Onder deze woorden is niets bewaard. Kloppen ze? Je kunt ook gewoon opnieuw beginnen.
return-not-now = Het lukt nu niet. Probeer het zo nog eens.
returning-title = We halen op wat van jou is
returning-lead = Dit lukt alleen met verbinding.
elsewhere-title = Ergens anders geopend
elsewhere-lead = Dit gesprek is nu open op een ander toestel of in een ander tabblad. Hier staat er niets meer van.
elsewhere-not-you = Was jij dat niet? Ga dan hier verder. Dan stopt het daar.
elsewhere-take-over = Ga hier verder
failed-not-kept = Dit gesprek kan nu niet bewaard worden. Je kunt verder praten. Sluit je deze pagina, dan ben je het kwijt.
failed-damaged = Een deel van wat bewaard was, kunnen we niet meer lezen.

## Melden, terugkijken

report = Meld iets over iemand
report-who = Over wie gaat het?
report-choose = Kies iemand
report-what = Gaat het over een bericht?
report-no-message = Niet over één bericht
report-why = Wat klopt er niet? Je hoeft niets in te vullen.
report-to = Wie mag dit lezen?
report-hosts = De begeleiders
report-past = Alleen de coördinator. De begeleiders lezen het niet.
report-send = Verstuur de melding
report-sending = Je melding gaat weg…
report-sent = Je melding is verstuurd. We weten niet wanneer iemand de melding leest.
report-about = Melding over { $name } ({ $role })
report-why-said = Wat er niet klopt:
report-proven = Nagekeken: { $name } heeft dit echt geschreven.
report-not-proven = Niet na te kijken of dit zo is geschreven.
failed-letter = Dat is niet verstuurd. Wat je schreef, staat er nog. Probeer het later nog eens, of bel een van de nummers.
stay-about = Er blijft een begeleider tot { $time }. Wil je nog even praten?
stay-go = Blijf nog even
stay-on = Blijf nog een kwartier
stay-on-about = Je opent een nieuwe groep voor wie nog even wil blijven. Wie dat wil, komt in haar gesprek met jullie.
stays = Je blijft nog tot { $time }, in een nieuwe groep.
survey-title = Hoe was het voor jou?
survey-lead = Je hoeft niets te beantwoorden. We tellen alleen, en bewaren niet wie wat zei.
survey-heard = Voelde je je gehoord?
survey-respected = Ben je met respect behandeld?
survey-informed = Ben je goed geïnformeerd?
survey-helped = Voel je je geholpen?
survey-partly = Een beetje
survey-send = Verstuur
survey-sent = Dank je. Je antwoord is geteld.
debrief-title = Hoe was het voor jou?
debrief-lead = De coördinator leest wat je hier schrijft. Schrijf geen dingen waaraan iemand een deelnemer kan herkennen.
debrief-how = Hoe was het voor mij?
debrief-hand-over = Wat moeten de volgende begeleiders weten? Dit gaat ook naar hen.
debrief-call-me = Ik wil gebeld worden
debrief-send = Verstuur
debrief-sent = Verstuurd. Dank je wel.
letters-title = Brieven
letter-at = { $day } om { $time }
letter-debrief = { $name } schrijft over de groep
letter-hand-over = { $name } schrijft voor jullie
letter-call-me = { $name } wil gebeld worden
letter-unreadable = Deze brief kan niet gelezen worden. Misschien klopt niet wie hem schreef.
letter-done = Afgehandeld
letter-read = Gelezen
numbers-title = Wat deelnemers zeggen
numbers-about = Getallen onder de 10 laten we weg. Dan is niemand te herkennen.
numbers-none = Er is nog niets geteld.
numbers-few = 1 tot 9
numbers-month = { $month ->
    [1] januari
    [2] februari
    [3] maart
    [4] april
    [5] mei
    [6] juni
    [7] juli
    [8] augustus
    [9] september
    [10] oktober
    [11] november
   *[other] december
  } { NUMBER($year) }

## De workshop

stage-title = De workshop
stage-lead = Iedereen kan hier komen. Schrijf niets waaraan iemand je kan herkennen. Wie de workshop leidt, kiest welke vragen op het scherm komen.
stage-knocking = We vragen of je erin mag…
stage-many = Er wachten al drie vragen van jou.
stage-count = { $count ->
    [one] { $count } persoon is hier
   *[other] { $count } mensen zijn hier
  }
stage-agenda = Programma
stage-set-agenda = Schrijf het programma
stage-agenda-lines = Eén onderdeel per regel
stage-agenda-go = Zet het programma neer
stage-questions = Vragen
stage-ask = Jouw vraag
stage-ask-go = Stel de vraag
stage-question-waits = Je vraag wacht: { $text }
stage-question-refused = Deze vraag van jou komt niet op het scherm: { $text }
stage-no-place = Er is nu geen plaats voor een vraag. Je tekst staat er nog. Probeer het straks opnieuw.
stage-not-sent = Je vraag is niet verstuurd. Je tekst staat er nog.
stage-upvote = Dat wil ik ook weten
stage-upvotes = { $count ->
    [one] { $count } ander wil dit ook weten.
   *[other] { $count } anderen willen dit ook weten.
  }
stage-answered = Beantwoord.
stage-show = Toon de vraag
stage-refuse = Toon de vraag niet
stage-is-answered = Is beantwoord
stage-statements = Stellingen
stage-new-statement = Nieuwe stelling
stage-put = Laat erover stemmen
stage-close = Sluit de stemming
stage-votes = { $count ->
    [one] { $count } stem
   *[other] { $count } stemmen
  }
stage-agree = Eens
stage-neither = Weet ik niet
stage-disagree = Oneens
stage-part = { $label }: { NUMBER($count) } ({ NUMBER($percent) } procent)
stage-result = Wat eruit kwam
stage-result-about = Kopieer dit om het te bewaren. Kijk na of er geen namen in staan.
stage-open = Open de zaal
stage-go = Ga naar de workshop
stage-panel = Zij leiden de workshop
stage-not-led = Wie de workshop leidt, is nu niet verbonden. Niemand kan nu vragen tonen of mensen binnenlaten. Je kunt wachten of weggaan.
stage-take-out = Haal wie dit vraagt uit de zaal
stage-take-out-about = Dan leest die persoon hier niets meer. De vraag staat dan niet op het scherm. De workshop is voor iedereen: die persoon kan opnieuw binnenkomen.
stage-take-leader-out-about = Dan leidt deze collega de workshop niet meer. Deze collega komt hier niet meer binnen.
stage-take-out-now = Haal nu uit de zaal
stage-end = Workshop afsluiten
stage-end-about = Dan leest iedereen dat de workshop klaar is. Niemand kan hier nog iets vragen of stemmen. Deze zaal gaat niet meer open.
stage-end-now = Sluit de workshop nu af
stage-end-not = Ga nog door
stage-over = De workshop is afgesloten. Je kunt hier niets meer vragen of stemmen. Wat eruit kwam, blijft hier staan tot een uur na het einde.
stage-come = Ga erbij in de zaal
presenter-title = Jouw workshops
presenter-alias = Jij bent { $name }, spreker.
presenter-workshops = Workshops
presenter-choose = Kies een workshop.
planned-presenters = Met { $names }.
planned-workshop = Workshop, voor iedereen.
plan-workshop = Dit is een workshop
failed-no-stage = Deze workshop is nu niet open.

## Wachten, en niet nu

line-expect = Wat kun je verwachten?
expect-1 = Een begeleider praat eerst kort met jou alleen. Zij vraagt hoe het gaat en of je nu veilig kunt typen.
expect-2 = In de groep zijn hooguit vijftien mensen. Zij zien alleen de naam die je hier koos.
expect-3 = Een begeleider opent het gesprek, let op en sluit af. Je hoeft niets te vertellen.
expect-4 = Is het te veel? Je kunt altijd weggaan, of alleen met een begeleider praten.
refuse = Laat niet toe
refuse-reason = Waarom? Dit leest zij in dit gesprek.
refuse-full = De groep is vol. Het ligt niet aan jou. Kijk wanneer de volgende groep is.
refuse-heavy = Een groep past nu niet bij wat je nodig hebt. Een professional kan nu beter met je meedenken.
refuse-other = Het lukt vandaag niet in deze groep. Je kunt hier wel met ons praten.
refuse-go = Laat vandaag niet toe

ring-title = Bereikbaar als dit scherm dicht is
ring-lead = Dan krijg je een bericht: ‘Piketdienst. Er wacht een oproep. Open de app.’ Er staat nooit in van wie of waarover. Anderen kunnen het op je scherm zien.
ring-none = Je hebt hier niets ingesteld. Je bent alleen bereikbaar zolang dit scherm open is.
ring-counts = Je telt mee als bereikbaar als er op een van deze manieren een proefoproep is aangekomen.
ring-test = Stuur een proefoproep
ring-tested = We sturen een proefoproep. Komt hij aan, dan zie je dat hierboven, of zeg je het daar.
ring-here = Laat dit toestel bellen
ring-asking = Even wachten. Je browser wordt gevraagd of dit kan.
ring-cannot = Dit toestel kan zo niet bellen. Sta meldingen toe voor deze pagina, of neem een andere browser.
ring-push = Een toestel waar je deze pagina open had
ring-text = Sms naar { $number }
ring-voice = Telefoon naar { $number }
ring-mail = Mail naar { $address }
ring-untried = Hier is nog niets aangekomen.
ring-works = Werkt: op { $time } kwam iets aan.
ring-failing = Lukt niet sinds { $time }. We blijven het proberen.
ring-dead = Dit adres bestaat niet meer. Zet het opnieuw aan.
ring-arrived = De proefoproep is aangekomen
ring-remove = Haal dit weg
ring-number = Telefoonnummer, met +31 ervoor
ring-add-text = Sms mij
ring-add-voice = Bel mij
ring-address = Mailadres
ring-add-mail = Mail mij

figures-title = Hulpoproepen in getallen
figures-about = Per kwartaal en per dienst. Getallen van 1 tot en met 9 laten we weg, en soms nog een ander getal. Zo is iemand minder makkelijk te herkennen. Hoe het afliep, staat er pas als het kwartaal voorbij is.
figures-quarter = { $service }, kwartaal { NUMBER($quarter) } van { NUMBER($year) }
figures-count = Aantal
figures-left-out = weggelaten
figures-raised = Oproepen
figures-unstaffed = Eerst niemand te bereiken
figures-still-waiting = Na drie minuten nog geen antwoord
figures-lead-lost = De hulpverlener was weg, er is opnieuw gezocht
figures-hops-none = Afgesloten zonder overdracht
figures-hops-one = Afgesloten na één overdracht
figures-hops-two = Afgesloten na twee overdrachten
figures-hops-more = Afgesloten na drie overdrachten of meer
figures-rested = In rust: dertig dagen niets geschreven
figures-outcomes = Hoe liep het af? Eén gesprek kan meer keer tellen.
figures-spoke-yes = Er is met haar gesproken
figures-spoke-no = Er is niet met haar gesproken
figures-kept = Is er gedaan wat was afgesproken?
figures-kept-no = Nee
figures-kept-partly = Deels
figures-kept-yes = Ja
figures-taken = Hoelang duurde het tot iemand de oproep nam?
figures-spoke = Hoelang duurde het tot iemand haar schreef?
figures-up-to = tot { NUMBER($seconds) } seconden
figures-longer = langer dan { NUMBER($seconds) } seconden
figures-csv = Meenemen als tekst
figures-csv-about = Kopieer dit naar een rekenblad (CSV).

## Diensten

own-duty-title = Jouw diensten
own-duty-none = Je hebt de komende zeven dagen geen dienst.
own-duty-take = Ik neem de dienst over
own-duty-take-about = Dan gaan de oproepen naar jou. Hierboven staat dan tot wanneer. Wie nu dienst heeft, kan dat hier lezen.
own-duty-calendar = Jouw diensten in je eigen agenda
own-duty-calendar-about = Voeg dit adres toe in je agenda. Wie dit adres heeft, ziet wanneer jij dienst hebt. Er staat niets in over oproepen.
check-in = Je dienst is om { $time } begonnen. Ben je er?
check-in-about = Druk hier ook als je geen proefoproep kreeg. Die gaat alleen naar wat jij zelf hebt ingesteld. Zeg je binnen een kwartier na het begin niets, dan kan een oproep eerst naar iemand anders gaan.
check-in-go = Ik ben er
duty-unverified = { $name } heeft dienst, maar heeft niet gezegd dat zij er is. Geldt dat voor haar hele groep, dan roepen we eerst iemand anders op, als die er is.
duty-on-a-day = { $day }, { $from } tot { $until }
duty-over-days = { $day } { $from } tot { $last } { $until }
duty-taken-by = { $name } heeft de dienst van { $service } overgenomen, tot { $until }.
duty-taken-by-somebody = Een collega heeft de dienst van { $service } overgenomen, tot { $until }.
duty-plan-title = Diensten
duty-plan-about = Dit rooster geldt meteen als je het opslaat, ook voor oproepen die nu wachten.
duty-plan-none = Er is nog geen rooster gemaakt. Nu geldt het bestand van de beheerder.
duty-plan-open = Bekijk en verander het rooster
duty-covered = De komende veertien dagen is er geen gat in het rooster.
duty-look-at = Kijk hier nog naar:
duty-wrong-hole = { $service } heeft niemand.
duty-wrong-few = { $service } heeft te weinig mensen.
duty-wrong-levels = { $name } staat twee keer bij { $service }. Antwoordt zij niet, dan is er geen tweede.
duty-wrong-services = { $name } staat bij { $service } en ook bij { $other }.
duty-wrong-ended = { $name } staat bij { $service }, maar haar certificaat is dan afgelopen. Zij wordt niet opgeroepen.
duty-wrong-unreached = Van { $service } weten we van niemand of een oproep aankomt.
duty-wrong-unknown = Bij { $service } staat iemand die hier niet werkt.
duty-add-service = Maak een rooster voor { $service }
duty-remove-service = Haal het rooster van deze dienst weg
duty-layer = Groep { NUMBER($level) }
duty-level = Als hoeveelste wordt deze groep opgeroepen?
duty-turns = Om de beurt, in deze volgorde:
duty-nobody-yet = Nog niemand.
duty-earlier = { $name } eerder aan de beurt
duty-not-in-turn = { $name } niet meer aan de beurt
duty-add-person = Wie doet er mee?
duty-pick-person = Kies iemand
duty-begins = De eerste beurt begint op
duty-turn = Hoe lang duurt een beurt?
duty-unit = Geteld in
duty-days = dagen
duty-weeks = weken
duty-months = maanden
duty-always = Dag en nacht.
duty-add-window = Alleen op deze dagen en uren
duty-window = Dagen en uren
duty-day = { NUMBER($day) ->
    [0] maandag
    [1] dinsdag
    [2] woensdag
    [3] donderdag
    [4] vrijdag
    [5] zaterdag
   *[other] zondag
  }
duty-from = Van
duty-until = Tot
duty-remove-window = Haal deze uren weg
duty-holidays = Op feestdagen
duty-holidays-same = zoals altijd
duty-holidays-not = niet
duty-holidays-also = wel, welke dag het ook is
duty-add-layer = Nog een groep erbij
duty-remove-layer = Haal deze groep weg
duty-min = Hoeveel mensen moeten er minstens zijn?
duty-fallback = Wie komt daarna?
duty-fallback-none = niemand
duty-once = Eén keer anders
duty-temporary = Van { $from } tot { $until }: een rooster apart
duty-temporary-read = Van { $from } tot { $until }: een rooster apart, gelezen uit een agenda op { $day }
duty-change-add = Van { $from } tot { $until }: { $name } erbij, in groep { NUMBER($level) }
duty-change-remove = Van { $from } tot { $until }: { $name } niet
duty-change-replace = Van { $from } tot { $until }: { $by } in plaats van { $name }
duty-remove-change = Haal weg: { $what }
duty-kind = Wat is er anders?
duty-kind-replace = iemand in plaats van een ander
duty-kind-remove = iemand heeft geen dienst
duty-kind-add = iemand heeft ook dienst
duty-change-who = Wie?
duty-change-by = Wie komt in haar plaats?
duty-add-change = Zet erbij
duty-holidays-title = Feestdagen
duty-holiday-name = Hoe heet die dag?
duty-add-holiday = Zet erbij als feestdag
duty-file-title = Rooster uit een andere agenda
duty-file-about = Maak je het rooster in een ander programma? Bewaar het daar als iCalendar-bestand (.ics) en kies het hier. Wie je bij een afspraak uitnodigt, heeft dan dienst. De prioriteit van de afspraak is de groep. Het rooster verandert pas als je het opslaat.
duty-file-pick = Kies het bestand
duty-file-asked = Een moment.
duty-file-found = { $count ->
    [one] In dit bestand staat één dienst
   *[other] In dit bestand staan { NUMBER($count) } diensten
  }, van { $first } tot { $last }.
duty-file-who = Wie is { $name }? (regel { NUMBER($line) })
duty-file-skip = niemand van ons: sla over
duty-file-put = Zet deze diensten in het rooster
duty-file-refused = { $why } Er is niets veranderd.
duty-file-refused-at = Regel { NUMBER($line) }: { $why } Er is niets veranderd. Verbeter het in het andere programma en kies het bestand dan opnieuw.
duty-file-fault-none = Dit is geen hele agenda.
duty-file-fault-line = Deze regel kunnen we niet lezen.
duty-file-fault-time = Deze tijd kunnen we niet lezen.
duty-file-fault-zone = Deze tijdzone kennen we niet.
duty-file-fault-rule = Zo vaak of op deze manier herhalen kan hier niet. Wel per dag, week, maand of jaar.
duty-file-fault-attendee = Bij deze afspraak is niemand uitgenodigd.
duty-file-fault-missing = Bij deze afspraak ontbreekt het begin, het einde of de naam.
duty-file-fault-empty = Er staat vanaf nu geen dienst in.
duty-file-write = Maak een agendabestand van deze dienst
duty-file-save = Bewaar het bestand
duty-save = Sla het rooster op
duty-undo = Doe niets
duty-saving = We slaan het op.
duty-not-saved = Nog niet opgeslagen.
duty-save-anyway = Sla toch op
duty-fault-in = { $service }: { $why }
duty-fault-in-layer = { $service }, groep { NUMBER($layer) }: { $why }
duty-fault-zone = Deze tijdzone kennen we niet.
duty-fault-level = Groepen tellen vanaf 1.
duty-fault-turn = Er is niemand gekozen, of een beurt duurt geen dag.
duty-fault-backwards = Het einde ligt voor het begin.
duty-fault-fallback = Wie daarna komt, is er niet, of komt weer hier uit.
duty-fault-no-fallback = Voor een rooster apart moet er een dienst zijn die daarna komt.
duty-fault-time = Een dag of een tijd is niet goed ingevuld.
duty-fault-nobody = Hier staat iemand die hier niet werkt.
duty-fault-name = Elke dienst heeft een eigen naam nodig.
duty-fault-no-plan = Voor deze dienst is geen rooster gemaakt. Vraag de coördinator.
duty-fault-not-hers = Dit is niet jouw dienst.
duty-fault-hole = dan is er niemand op { $when }. Wil je dat echt?
duty-fault-changed = Iemand anders heeft het rooster net veranderd. Zo is het nu. Doe jouw verandering nog een keer.
duty-fault-large = Dit is te veel voor één rooster.
duty-fault-other = Het is niet gelukt. Probeer het nog een keer.

## Nummers

lines-title = Nummers op de kaart
lines-about = Deze nummers ziet iedereen. Kijk ze twee keer per jaar na: bel, of kijk op de site.
lines-old = { $count ->
    [one] Eén nummer is langer dan een half jaar niet nagekeken.
   *[other] { NUMBER($count) } nummers zijn langer dan een half jaar niet nagekeken.
  }
lines-all = Bekijk de nummers
lines-stale = Langer dan een half jaar geleden. Kijk dit na.
lines-check = Klopt nog
lines-check-of = Klopt nog: { $number }
lines-remove = Haal weg
lines-remove-of = Haal weg: { $number }
lines-number = Een nummer uit jullie regio
lines-whose = Van wie is het, en waarvoor?
lines-happens = Wat gebeurt er als iemand belt?
lines-acts = Wie opneemt, kan zelf iets doen met wat ze hoort.
lines-no-number = Dit nummer kan niemand bellen. Gebruik cijfers.
lines-no-words = Schrijf van wie het nummer is en wat er gebeurt.
lines-go = Zet op de kaart
lines-may-act = Ze kunnen zelf iets doen, ook zonder jouw ja.
lines-near = Nummers hier in de buurt
