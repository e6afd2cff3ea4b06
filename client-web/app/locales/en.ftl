# Whoever reads this may be holding a phone that somebody else can pick up, and has two minutes.
# Short words, one thought a sentence. Never a promise. No blame, no "are you sure?".

## Always

danger-short = Danger? 112
back = Back
go-on = Continue
close-notice = Close this notice
connecting = Connecting…
connection-lost = The connection is gone. We are trying again. What you write now has not been sent yet.
connection-degraded = Nothing can be sent now: there is a fault. We keep trying. The numbers stay here.
connection-refused = This app cannot connect now. Trying again does not help. The numbers stay here.
open-unknown = We are looking who is here now.
open-not-seen = We cannot see now who is there.
open-hosts = A host is here now.
open-no-hosts = No host is here now.
open-services = On duty now: { $services }.
open-no-services = No professional is on duty in this app now.
listed-and = { $others } and { $last }
listed-comma = { ", " }
service = { $service ->
    [wijkteam] neighbourhood team
    [veilig-thuis] Veilig Thuis
    [politie] police
   *[other] { $service }
  }

## Danger

danger-title = Are you in danger now?
danger-lead = These numbers also work without this app.
danger-trace = A phone call stays in the call list of your phone.
danger-more = Other numbers
danger-back = Back to where you were
call-number = Call { $number }
line-note = { $line ->
    [alarm] For danger right now. A silent call is cut off when two questions get no answer. So say something, however short.
    [alarm-app] The app of 112. You can type in it, but only once the operator opens the chat.
    [veilig-thuis] Veilig Thuis (Safe at Home). Free, day and night. Its chat is mostly open in office hours only.
    [politie] Police, when there is no hurry.
    [csg] Sexual Assault Centre. Day and night, also by chat.
    [zelfdoding] Are you thinking of death? 113. Day and night, also by chat.
    [slachtofferhulp] Victim Support Netherlands (Slachtofferhulp).
    [kindertelefoon] Kindertelefoon, for children. Free, also by chat.
    [schadefonds] Schadefonds. Money after violence with serious injury.
   *[other] { $line }
  }
checked = Checked: { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[other] December
  } { NUMBER($year) }

## Coming in

step = Step { NUMBER($step) } of 3
safe-title = Can you read and type safely now?
safe-yes = Yes
safe-unsure = I don’t know
safe-no = No
unsure-title = Not sure? Then mind this
unsure-1 = Sit so that nobody can look at your screen.
unsure-2 = Keep your thumb near ‘Leave now’. One tap, and you see the weather.
unsure-3 = Write no real names and no address.
no-title = Then this can wait
no-1 = Tap ‘Leave now’. You then see a site about the weather.
no-2 = Come back when you are alone. Best on a device that nobody else uses.
no-3 = Call 112 if there is danger.
nickname-title = What do you want to be called here?
nickname-hint = Pick a name that nobody knows you by. Not your real name.
nickname-label = Your name here
nickname-other = Another name
invited-by = You come with an invitation from { $partner }. The hosts see that when you talk with them. The link works once.
invited-not = This invitation has ended or is not valid. You can also take part without an invitation.
nicknames = Poppy, Iris, Daisy, Blackbird, Hedgehog, Willow, Fern, Thrush, Lapwing, Linden, Butterfly, Swallow, Hazel, Lavender, Otter, Tulip, Wren, Broom, Dragonfly, Anemone, Beech, Robin, Sage, Curlew
choose-title = What do you want to do?
choose-title-named = What do you want to do, { $name }?
choose-peers = Talk with others
choose-peers-about = First a short talk with a host. Then in the group.
choose-peers-unseen = Not possible now: we cannot see whether a host is here.
choose-peers-closed = Not possible now: no host is here.
choose-professional = Ask a professional
choose-professional-about = You call for a professional who is on duty now.
choose-professional-nobody = Nobody is on duty now. Better to call one of the numbers.
choose-professional-degraded = Not possible now: there is a fault. Rather call one of the numbers.
choose-professional-offline = Not possible now: there is no connection. Better to call one of the numbers.
choose-professional-later = The connection is gone. Your call only goes out once it is back. Better to call one of the numbers.
choose-later = Talk to somebody later
choose-later-about = You ask for a professional. It need not be at once.
choose-library = Read and know
choose-library-about = Rights, police, money, housing, children. You tell nobody anything.
library-open = Read and know
choose-danger = I am in danger
choose-danger-about = You see at once which numbers you can call.
choose-back-to-room = Back to the conversation
choose-back-to-call = Back to your call
rules-title = How we do it here
rule-1 = Nobody needs to know who you are. Write no last name, address or school. Nor those of somebody else.
rule-2 = What somebody tells here stays here. Take no picture of your screen.
rule-3 = You choose what you tell. Only reading is fine too.
rule-4 = Listen without judging. Ask nobody why she does not leave.
rule-5 = Is it heavy, what you write? Put ‘heavy’ above it and keep it short.
rule-6 = Do not look each other up outside this group.
rule-7 = A host can take you aside, or ask you to go.
rule-8 = A host is a volunteer, not a professional. You ask for a professional with the button ‘Ask a professional’.
rule-9 = You can always leave. You need not say why.
rules-accept = I will join like this
rules-early = You can start typing. Sending is possible once there is a connection.
rules-sending = We are asking to let you in…

## With the hosts

line-title = You are with the hosts
line-wait = The hosts who are here now can read this. We do not know when somebody answers. You can write already.
line-private = Only you and the hosts read this. The group does not.
line-talk = You are talking with a host. She can let you into the group.
line-first = You are next.
line-almost = One or two people wait before you.
line-some = A few people wait before you.
host-away = { $minutes ->
    [0] is just away
    [one] has been away { $minutes } minute
   *[other] has been away { $minutes } minutes
  }
host-place-free = is gone; her place is free
line-place = If the connection drops or you reload the page, your place is kept for ten minutes.
line-rules = How we do it here

## Talking

peer-title = The group
peer-title-number = Group { NUMBER($number) }
log-label = Messages
log-empty = Nothing has been written here since you came in. You do not see what was said before.
log-empty-call = Nothing has been written here yet.
members = Who is here ({ NUMBER($count) })
role-person = participant
role-host = host
role-professional = professional
role-professional-of = professional, { $service }
role-presenter = speaker
role-coordinator = coordinator
role-unproven = unknown
verified = checked
unproven-note = Nobody has checked who this person is.
you = you
nameless = somebody without a name
epoch-code = Check number
epoch-code-about = Everybody in this conversation sees the same ten digits. If yours differ, something is wrong.
note-joined = { $name } is here.
note-left = { $name } is gone.
note-removed = A host took { $name } out of the conversation.
note-returned = { $name } was away for a moment and is back, with a new key.
note-missed = Your device could not read what was said here for a moment. From now on you read along again.
note-stuck = The device of { $name } takes no part here any more, because something was wrong. A host can help.
note-moved = The group has gone to a new room. What was said before is not here.
composer-label = Your message
composer-hint = Type here
send = Send
sending = Sending…
sent = Sent
not-sent = Not sent
retry = Try again
catching-up = We are fetching the conversation…
leave = Leave
alarm = Something is wrong in this conversation. We send nothing here any more. Wait for a host, or press ‘Leave’ and start again.
hint-phone = This looks like a phone number.
hint-mail = This looks like an e-mail address.
hint-postcode = This looks like a postcode.
hint-plate = This looks like a number plate.
hint-street = This looks like an address.
hint-name = This looks like a full name.
hint-ask = Do you really want to share it?
hint-send = Yes, send it like this
hint-change = I will change it
gone-removed = A host took you out of the conversation. Sometimes the reason stands in the talk with the hosts. You can still ask a professional.
gone-left = You have left the conversation.
gone-over = That conversation is over. It cannot be read here any more.
gone-not-joined = Coming into the conversation did not work. Try once more.
failed-no-hosts = No host is here now. You can ask a professional, or call a number.
failed-admit = This person cannot come in now. Perhaps she is gone, the group is full, or the group must go to a new room first.
failed-open-room = The group did not open. Try once more.
failed-not-attended = The group is not open. There is one host only, or no professional can be reached. Look what it says and choose again.
failed-already-taken = Somebody else has this call already.
failed-call-gone = This call is not there any more.
failed-office = That did not work. Somebody else has changed something meanwhile, or the server refuses. Look at the list and try again.
failed-channel = We cannot call you that way. Check that the number or address is right.
failed-agreements-full = There is no room for another agreement. Take one away, or make one of two.
failed-agreement-long = This agreement is too long. Write it shorter.
failed-agreement-empty = It does not say yet what was agreed.
failed-outcome = It cannot have ended like that. Look at your answers again.
failed-other = That did not work. Perhaps it works if you do it once more.

## What is planned

planned-title = Coming up
planned-when = { $day }, { $from } until { $until }
planned-open = Open now
planned-open-now = Open now: { $theme }, until { $until }.
planned-next = Next group: { $day } at { $time }, { $theme }.
planned-hosts = Hosts: { $names }.
planned-size = For { NUMBER($count) } people.
planned-language = { $code ->
    [nl] In Dutch.
    [en] In English.
    [ar] In Arabic.
   *[other] Language: { $code }.
  }
planned-by-invitation = With an invitation only.
plan-title = Calendar
plan-nothing = Nothing is planned.
plan-new = Plan a group
plan-theme = Theme
plan-day = Day
plan-time = Begins at
plan-length = Takes
plan-minutes = { NUMBER($count) } minutes
plan-size = How many people?
plan-language = Language
plan-hosts = Who leads it?
plan-go = Put it in the calendar
plan-change = Change
plan-change-of = Change { $theme }
plan-changing = Change what is planned
plan-save = Save
plan-remove = Take it out
plan-remove-of = Take it out: { $theme }
plan-overloaded = { $name } is in the calendar more often than twice a day or four times a week. That is a lot.
host-sessions = Your groups
host-overloaded = You lead more than four groups in a week, or more than two in a day. That is a lot. Talk about it with your coordinator.
opening-which = For which group of the calendar?
opening-for = { $time }, { $theme }
opening-none = No group of the calendar
failed-plan = It cannot be in the calendar like this. Look at the theme, the time and the hosts.

## Who may speak

floor-frozen = There is no host now. For the moment nobody can send anything. What you type stays here.
floor-waiting = The group is not open yet. You can wait here. When it opens, you can type at once.
floor-unstaffed = There is no professional on duty in this app now. The numbers do work.
floor-closed = This group is closed. You cannot send anything here any more.
floor-closed-unattended = No host came back. That is why this group is closed. You cannot send anything here any more.
floor-muted = A host has muted you for a while, until { $time }. What you type stays here.
floor-aside = A host would like to talk with you alone for a moment. What you type here stays.
floor-held = What you send is read by a host first.
floor-slow = Take it slowly: { NUMBER($seconds) } seconds between two messages.
floor-ends = The group stops at { $time }.
floor-ends-soon = A little longer: the group stops at { $time }.
recognise = I know somebody here
went-away = You are leaving the group. The others then only see that you are gone. The hosts then read that you would rather not be there now, and not why.
note-went-away = { $name } went out of the group and would rather not be there now. Ask here how it goes.
hide-member = Hide the messages of { $name }
show-member = Show the messages of { $name } again
hidden-message = A message of somebody you hide.
hidden-show = Show this message
crisis-mark = Please pay attention to this
to-line = Talk with a host
to-group = Back to the group
held = Waits for the host
returned = Not put in the group. The host writes: { $reason }
returned-change = Change it
message-discard = Take it away
held-title = Waits for you
held-of = { $name } would like to say:
held-let-through = Let it through
held-return = Give it back
held-reason = Why? { $name } reads this.
held-reason-known = Somebody could recognise you by this. Can you leave it out?
held-reason-heavy = This may be too heavy for others. Can you put ‘heavy’ above it, without details?
held-reason-hurts = This may hurt somebody. Can you say it in another way?
held-count = { $count ->
    [one] { $count } message waits for you
   *[other] { $count } messages wait for you
  }
opening-about = This group is not open yet. Only hosts can say something now.
opening-two = There are two hosts or more.
opening-alone = You are the only host here. Two is better.
opening-staffed = A professional can be reached.
opening-unstaffed = No professional can be reached now. The participants read that too.
opening-unknown = We do not know now whether a professional can be reached.
opening-open = Open the group
opening-anyway = Open the group all the same
measures = Measures
measure-slow = Pace
measure-slow-off = Everybody at their own pace
measure-slow-seconds = { NUMBER($seconds) } seconds between two messages
measure-newcomers = Who comes in from now on
measure-newcomers-off = Talks along at once
measure-newcomers-count = { $count ->
    [one] You read the first message first
   *[other] You read the first { $count } messages first
  }
measure-until = Stop in { NUMBER($minutes) } minutes
measure-longer = A quarter of an hour longer
measure-close = Close the group
measure-close-about = Then nobody can say anything here any more. The group does not open again.
measure-close-now = Close the group now
measure-close-not = Leave the group open
member-more = Measures for { $name }
member-mute = Mute for 10 minutes
member-muted = is muted until { $time }
member-unmute = Let speak again
member-hold = Read messages first
member-held = messages go to the hosts first
member-release = Let speak freely again
member-aside = Take aside for a moment
member-is-aside = talks with a host alone
member-back = Bring back into the group
member-line = Talk with { $name } alone
remove-reason = Why? { $name } reads this in the talk with the hosts.
remove-block = May not come back into this group for 24 hours
remove-not = Not after all
host-blocked = May not come back into group { NUMBER($number) } until { $day } { $time }.
line-blocked = You cannot come into the group until { $day } { $time }. You can talk with the hosts here, or ask a professional.
ready-title = Ready texts
ready-welcome = Welcome, all of you. Good that you are here. You need not tell anything.
ready-round = Let us go round. With which word do you come in tonight?
ready-names = Think of each other’s safety: no names, places or schools.
ready-heavy = Write ‘heavy’ above something heavy. Leave out details of violence.
ready-last = We stop in ten minutes. Is there anything else you would like to say?
ready-help = Are you not doing well now? You can ask a professional, or talk with a host alone for a moment.

## Asking a professional

intake-title = Ask a professional
intake-lead = You need not fill in anything. Only one choice is needed: whether a professional may talk with you.
intake-skip = Go straight to that choice
intake-service = Whom do you want to ask?
intake-service-open = { $service }: on duty now
intake-service-closed = { $service }: nobody on duty now
intake-when = When do you want to talk to somebody?
intake-when-today = Today
intake-when-contact = When my contact person can
intake-now = Now
intake-safe = Are you safe now?
intake-read-along = Is somebody reading along?
answer-yes = Yes
answer-no = No
answer-unknown = I don’t know
intake-minutes = How long can you type now?
minutes-unsaid = I don’t know
minutes = { $count ->
    [60] An hour or longer
   *[other] About { $count } minutes
  }
intake-where = Where is everybody?
intake-where-is-he = Where is he or she now?
intake-where-is-he-hint = The person with whom you are not safe. No name or address needed.
intake-children = Where are the children, if there are any?
intake-words = In your words
intake-wants = What do you want most now?
intake-tried = What have you already tried?
intake-flags = Is any of this so?
intake-flags-lead = Tick what is true. Ticking nothing is fine.
flag-strangulation = My throat was squeezed
flag-separation = I have left, or I want to leave
flag-stalking = I am being followed or watched
flag-threats = There was a threat to kill somebody
flag-weapon = There is a weapon
flag-fear = I am afraid that I will not survive
intake-language = Language
intake-language-label = In which language do you want to talk?
language-name = English
consent-title = What do you say yes to?
consent-read = Read this first:
consent-volunteer = A host is a volunteer. The Dutch reporting code (meldcode) does not apply to volunteers.
consent-professional = A professional of the neighbourhood team or Veilig Thuis does have to follow the reporting code. In acute danger she can make a report to Veilig Thuis, even if you do not want it. If it is safe, she tells you first.
consent-police = The police have duties of their own, and they are different. Ask about them before you tell more.
consent-anonymous = We do not know your name or where you live. As long as you do not say so, such a report can in practice not be about you.
consent-each = Each choice stands by itself. Where you choose nothing, you give no consent.
consent-talk = A professional may come in and talk with me
consent-needed = First choose above whether a professional may talk with you. Without that choice we cannot make the call.
consent-left-behind = Not all you filled in goes along now. Only what you say yes to above goes along.
consent-summary = May read what I wrote above
consent-last-messages = May read my last messages in the group
consent-municipality = May know in which municipality I am
consent-identity = May know who I am, if I tell
consent-share-with-partner = May confer with another service, if it was mentioned by name
consent-host-comes-along = A host may stay with me
intake-reach = Later
intake-safe-ways = When and how is it safe to reach you?
intake-municipality = In which municipality are you?
intake-municipality-hint = Goes along only if you said yes to that.
intake-optional = You can skip this
raise-about = After sending you see here what happens. We do not know yet whether we can reach somebody.
raise-later = It may take a while before somebody answers. Look here again later: we send you nothing.
raise-send = Send the call
raising = Your call is being prepared…

## The call

call-title = Your call
call-not-sent = Your call has not been sent yet. We keep trying.
call-stored = Your call has come in. We are trying to reach a professional. We do not know yet whether we can.
call-unstaffed = Nobody is on duty in this app now. Do not wait for this.
call-unstaffed-more = Your call stays, though.
call-still-waiting = Nobody has answered yet. That is not because of you. We keep trying.
call-still-unstaffed = Nobody has answered yet. That is not because of you. Your call does stay.
call-taken = Professional { $who } has seen your call and is opening the conversation.
call-active = You are talking with professional { $who }.
call-lead-lost = We are trying again to reach a professional.
call-attention = We are calling { $who } again for you. We do not know whether we can reach them.
call-rests = Nothing was written here for thirty days. Your call rests. You can always go on.
call-closed = This call is closed. You can always make a new one.
call-who = { $name } ({ $service })
call-elapsed = Time since your call:
call-elapsed-words = { $minutes ->
    [0] less than a minute
    [one] { $minutes } minute
   *[other] { $minutes } minutes
  }
call-lines = These numbers also work now
call-write = You can write already. Whoever takes your call can read it.
call-stop = I want to stop
call-stop-about = Then we stop looking and the conversation closes. You can always make a new call later.
call-close = Close the call
call-keep = Let the call stand
call-nudge = I get no answer. Call again
call-nudged = You are asking again. We do not know whether we can reach somebody.
call-undo = Closing was a mistake
call-reopen = I want to go on talking
call-reopen-about = Then we call a professional again. We do not know whether we can reach one.
call-done = { $who } thinks that you are done. You decide.
call-done-yes = Yes, close the call
call-done-no = No, I want to go on
call-asked-over = { $who } asks somebody from { $service } to take over the conversation.
call-asked-help = { $who } asks somebody from { $service } to talk along.
call-asked-stays = { $who } stays with you until that colleague says something to you.
call-accepted = { $colleague } takes over the conversation as soon as you see a message from { $colleague }. Until then { $who } is there.
contact-title = Your contact person
contact-about = Do you choose somebody? Then she is the first we call the next time, if she is on duty then. If not, your deputy first. After that the others.
contact-person = Contact person
contact-deputy = Deputy
contact-choose = Choose { $name } as contact person
contact-choose-deputy = Choose { $name } as deputy
contact-drop = Take away
contact-first = We call { $name } first, if she is on duty now.
contact-first-of-two = We call { $name } first, if she is on duty now. If not, { $deputy } first.

## Changing what you agreed to

consented-title = What you said yes to
consented-about = You can change this at any time. What somebody has read already cannot be unread.
consented-changed = This goes to whoever talks with you. Without a connection, only once it is back.

## Code words

code-title = Code words
code-about = Agree with your professional on words that mean something else. If you type one, only whoever reads your call sees what you mean.
code-agreed = You have a word for:
code-saved = We do not show the words themselves again.
code-write = Agree on code words
code-change = Choose other words
code-forget = Forget my code words
code-choose = Choose words that sound ordinary, but that you would never type otherwise. At least six letters. You need not fill in all of them.
code-read-along = Somebody reads along
code-stop = Stop, I cannot go on now
code-send-help = Send help
code-silent = If you send the word for help in a conversation, we make a call in silence. The conversation on your screen stays as it is. If you leave it, your choices do show ‘Back to your call’. Without a connection the call only goes out once it is back, and you do not see that either. We do not know whether anybody answers, and we do not call 112.
code-note = What should a professional know then? This goes along with that call.
code-save = Keep the words
code-too-short = Choose a longer word, of at least six letters.
code-too-long = Choose a shorter word, or write less.
code-alike = Two words are too much alike. Choose another one.
heard-read-along = Code word: somebody reads along.
heard-read-along-then = Only write what anybody may read. Say nothing of help, of agreements or of plans.
heard-stop = Code word: stop.
heard-stop-then = She cannot go on now. Ask nothing more. Wait until she writes again.
heard-send-help = Code word: send help.
heard-send-help-then = Do what you have agreed with her. Her screen does not show what this word means. Only write what anybody may read.
call-assistant = Also talks along: { $who }
agreed = Agreements: { NUMBER($count) }
agreed-by = By { $day } at the latest
agreed-done = Done
agreed-look-up = Read what was agreed on { $day }
agreed-alone = The conversation itself is gone. This is still kept for you. Whoever has your phone or your six words can read it too.
agreed-away = Do not keep this any longer
aftercare-title = Do you want us to come back to this later?
aftercare-about = Choose a moment. When you come here after it, we ask whether what was agreed has been done. We never send you anything. Nobody else sees what you choose.
aftercare-safe = About safe moments you wrote:
aftercare-when = From when on?
aftercare-week = In a week
aftercare-month = In a month
aftercare-months = In three months
aftercare-own-day = On a day that I choose
aftercare-time = From what time? This may stay empty.
aftercare-how = How?
aftercare-question = Only ask me
aftercare-talk = Ask me, and also show me how I can speak with somebody
aftercare-go = Ask me then
aftercare-chosen = When you come here after { $when }, we ask you.
aftercare-phrase = You need six words to come back here later. You find them under “Come back later”.
aftercare-not = Do not ask me after all
aftercare-counted = You have already answered this.
aftercare-asked = Was done what was agreed?
aftercare-count = We count your answer. It does not say whose it is.
aftercare-partly = In part
aftercare-thanks = Thank you. Your answer is on its way.
aftercare-sorry = Thank you for saying so. Your answer is on its way. That it was not done is not because of you.
aftercare-reach = Go on talking in that conversation
aftercare-anew = Then you make a new call. We do not know whether we can reach somebody.
aftercare-close = Done

## Host

desk-until = Your certificate is valid for { $days ->
    [0] less than a day
    [one] { $days } more day
   *[other] { $days } more days
  }. Ask your coordinator for a new one. Without it you cannot do anything here.
desk-unattended = A group has had no host since { $time }. Nobody can send anything there now. Can you reach a host?
host-title = Tonight
host-alias = You are { $name }, host.
host-lines = Who is waiting?
host-no-lines = Nobody is waiting now.
host-invited = Invitation from { $partner }. It is genuine and was not used before.
host-invited-checking = With an invitation. We are looking whether it is genuine.
host-invited-used = Mind: this invitation from { $partner } was used before.
host-invited-wrong = Mind: her invitation has ended or is not valid.
host-invited-not = She has shown no invitation. This group is by invitation only.
host-full = Group { NUMBER($number) } is full ({ NUMBER($count) } of { NUMBER($size) }). You may let her in all the same.
host-waiting = waiting for { $minutes ->
    [0] less than a minute
    [one] { $minutes } minute
   *[other] { $minutes } minutes
  }
host-admitted = is in group { NUMBER($number) }
host-admitted-elsewhere = is in another group
host-line-left = has left
host-open-line = Open conversation with { $name }
host-rooms = Groups
host-no-rooms = No group is open yet.
host-open-room = Open a group
host-room-about = { $count ->
    [one] { $count } person
   *[other] { $count } people
  }
host-room-waiting = not open yet
host-enter-room = Go to group { NUMBER($number) }
host-admit = Let in to group { NUMBER($number) }
host-admit-none = Open a group first. Then you can let { $name } in.
host-move = Go to a new room with the group
host-move-about = Somebody is stuck here, or this group has older security. Everybody who is here now comes along by herself.
host-remove = Take { $name } out
host-professionals = Professionals
host-choose = Choose a conversation from the list.
line-with = Conversation with { $name }

## Professional

duty-title = Duty
duty-alias = You are { $name }, { $service }.
duty-online = Connected. Calls come in here. Keep this page open.
duty-offline = Not connected. No calls come in now.
duty-calls = Calls
duty-no-calls = There is no call now.
duty-ringing = Somebody is waiting
duty-wants-over = A colleague asks you to take over a conversation
duty-wants-help = A colleague asks you to help
duty-since = Call made { $minutes ->
    [0] less than a minute ago
    [one] { $minutes } minute ago
   *[other] { $minutes } minutes ago
  }
duty-take = I take it
duty-take-over = I take over
duty-help = I will join
duty-cannot = I cannot
duty-why-not = Why can you not?
duty-reason-busy = I am busy with somebody else
duty-reason-field = This is not my work
duty-reason-off = My duty is over
duty-reason-knows = I know somebody who is in it
duty-reason-other = Something else
duty-taking-over = You take over as soon as you write something. Until then your colleague is there.
duty-assisting = You are helping. A colleague leads this conversation.
duty-assist = I want to help
duty-attention = Somebody waits for your answer
duty-rests = Rests: nothing was written here for thirty days
lead-tools = Going on with this conversation
lead-next = Your duty ends at { $time }. After that { $name } is on duty.
lead-next-now = Your duty ended at { $time }. Now { $name } is on duty.
lead-next-ask = Ask { $name } to take this conversation over
lead-next-not = I go on myself
lead-ask = Ask a colleague
lead-service = From which service?
lead-what = What for?
lead-over = To take over the conversation
lead-help = To help
lead-send = Ask
lead-stays = You remain responsible until your colleague has written something.
lead-ask-first = You have no consent yet to consult with another service. Ask for it in the conversation first.
lead-asked-over = Asked: somebody from { $service } to take over
lead-asked-help = Asked: somebody from { $service } to help
lead-unreached = Nobody can be reached there now.
lead-accepted = { $who } said yes and now has to write something.
lead-ended-declined = Nobody can come. The last reason: { $reason }.
lead-ended-nobody = Nobody has answered.
lead-ended-words = A colleague said yes, but wrote nothing.
lead-ended-withdrawn = Not needed any more.
lead-end = Not needed after all
lead-done = I think we are done
lead-done-about = The other person reads that and decides. You cannot close the call.
lead-done-said = You think that you are done. The other person decides.
lead-give-back = I cannot go on
lead-give-back-about = Then we call somebody else at once. The other person reads that we are looking again.
lead-give-back-yes = Call somebody else
agreed-add = Write an agreement down
agreed-what = What was agreed?
agreed-who = Who does that?
agreed-when = By which day at the latest? This may stay empty.
agreed-about = The other person reads this too, and can find it again later. Only write down what she can let be seen: perhaps somebody reads along.
agreed-save = Write it down
agreed-is-done = This is done
agreed-not-done = Not done after all
agreed-change = Change
agreed-drop = Take away
outcome-title = How did this end?
outcome-about = We only count this. It does not say who it was about.
outcome-due = This conversation is over. Please say how it ended.
outcome-spoke = Did somebody speak with her?
outcome-what = What was done? Choose all that is so.
outcome-send = Count this
outcome-information = Explanation or advice given
outcome-safety-plan = Safety plan made
outcome-emergency = 112 called
outcome-restraining = Restraining order asked for
outcome-shelter = Place in a shelter found
outcome-no-shelter = No shelter had a place
outcome-advice = Advice from Veilig Thuis
outcome-report-agreed = Report to Veilig Thuis, she agreed
outcome-report-not-agreed = Report to Veilig Thuis, without her consent
outcome-police = Report to the police
outcome-legal = Legal help
outcome-victim-support = Slachtofferhulp
outcome-sexual = Centre for sexual violence
outcome-care = Doctor or mental health care
outcome-children = Help for the children
outcome-housing = Help with housing or money
outcome-contact = She has a contact person of her own
outcome-handed-over = A colleague has taken over and written
outcome-left = She went away
outcome-not-reached = Not reached
outcome-no-need = Nothing more was needed
outcome-misuse = The call was not meant
own-times-title = Your own times
own-times-taken = From the call on this screen until you had it: { $time }
own-times-spoke = From then until your first message: { $time }
own-times-seconds = { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
  }
own-times-minutes = { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
  }
own-times-about = { $calls ->
    [one] Of your last call. Only you see this.
   *[other] The middle one of your last { $calls } calls. Only you see this.
  }
duty-key = Key still on its way. You cannot take the call yet.
duty-taking = Taking it…
duty-taken = You have this call. Write a first message: until then the clock runs on.
duty-active = Talking
duty-closed = Closed by the person herself
duty-not-yours = You need not do anything now: somebody else has this call, you could not come, or it is over.
duty-open = Open the conversation
duty-waits = Still waiting for a professional
duty-card = Intake
duty-no-card = The intake cannot be read yet.
duty-when = When
duty-when-today = Today
duty-when-contact = When her contact person can
duty-last-messages = What she last said in the group
duty-code-words = Code words
duty-consents = Consent
duty-not-consented = No consent
duty-nothing-said = not filled in
duty-minutes = Time to type
duty-room-not-ready = The conversation is being opened…

## Coordinator

office-title = Office
office-you = You are the coordinator.
office-lead = Here you look after the certificates. Without a valid one a colleague cannot do anything here.
office-alarm-unanswered = A call has no answer yet. Phone somebody who is on duty.
office-alarm-often = A call was handed over more than twice. Phone somebody who is on duty.
office-loading = We are fetching the list…
office-saving = We are writing it down…
office-due = { $count ->
    [one] { $count } certificate ends within a month, or has ended already:
   *[other] { $count } certificates end within a month, or have ended already:
  }
office-renew = { $count ->
    [one] Renew { $count } certificate
   *[other] Renew { $count } certificates
  }
office-colleagues = Colleagues
office-until = certificate valid until { $date }
office-ends-soon = ends within a month
office-ended = has ended
office-uncovered = is on the roster after the certificate ends
office-revoke = Revoke the certificate
office-revoke-of = Revoke the certificate of { $name }
office-revoke-sure = Are you sure? { $name } can then do nothing any more, at once.
office-revoke-yes = Yes, revoke the certificate
office-revoke-not = Let the certificate stand
office-proposals = Proposals
office-signed = { NUMBER($signed) } of { NUMBER($needed) } signatures
office-cosign = Sign too
office-cosign-of = Sign too for { $name }
office-cosigned = You have signed.
office-certify = Give somebody a certificate
office-certify-role = What is this person going to do?
office-certify-alias = Name here
office-certify-alias-hint = Everybody sees this name. It need not be the real one.
office-certify-service = Service
office-certify-service-hint = Write it exactly as in the roster, for example: veilig-thuis
office-certify-go = Make the certificate
office-away = You can do this again when there is a connection. What you typed stays here.
office-invite = Make an invitation
office-invite-partner = Who gives the invitation?
office-invite-hint = Whoever comes with the link sees this name. The hosts see it too.
office-invite-go = Make the link
link-for = Link for { $about }
link-from = Invitation from { $about }
link-staff = This link is only for { $about }. Whoever has it can pass for { $about } here. We show it only once.
link-paste = Do not click it: then it stays in the browser. Open { $address } and choose “{ $choice }”. Paste it there.
link-invitation = This link works once, for three days.
link-done = Done, take it away

## Coming back

device-open = Remember me on this device
device-lead = Then you do not need your link here any more. Read this first:
device-own = Something stays on this device. Do it only on a device that is yours and that nobody else uses.
device-pin = You choose a PIN of six digits or more. You need it every time.
device-whoever = Whoever has this device and your PIN can pass for you here.
device-stays = ‘Leave now’ does not remove this. You do that yourself, on any device where you are inside.
device-keep = Remember me
device-count = { $count ->
    [one] { $count } device remembers you.
   *[other] { $count } devices remember you.
  }
device-forget = Forget me on all devices
pin-title = Your PIN
pin-label = PIN
pin-short = A PIN has at least six digits, and nothing else.
pin-wrong = This PIN is not right, or this device was forgotten. After ten wrong attempts the device is forgotten.
pin-without = Continue without a PIN

phrase-open = Come back later
phrase-title = Come back later
phrase-lead = With six words you can go on later where you were. On another device too.
phrase-lost = Whoever has the words can read everything of yours that is here. Without them nobody can, and we cannot either. If you lose them, you lose this.
phrase-draw = Show six words
phrase-write = Learn them by heart, or write them down where nobody looks. These are the same words as phone numbers. You can write those down instead.
phrase-keep = I have them
phrase-other = Other words
phrase-keeping = Please wait. We are writing it down.
phrase-kept = Done. These words belong to your place here now.
phrase-waits = Not done yet: there is no connection. If you leave now, these words will not work.
screen-code-open = A code for this screen
screen-code-title = A code for this screen
screen-code-about = Not touched for ten minutes? Then this screen asks for the code. Whoever picks up your phone after that does not read along.
screen-code-lost = Lost the code? Then you only come back with your six words. After that you can switch it off.
screen-code-label = Four to eight digits
screen-code-short = Choose four to eight digits.
screen-code-go = Switch the code on
screen-code-on = The code is on.
screen-code-off = Switch the code off
return-open = I have six words or a link
return-title = Come back
return-lead = Type your six words, with spaces between them. Or type the three phone numbers. You can also paste a link.
return-label = Your words
return-meant = Do you mean: { $words }?
return-looking = Please wait. We are looking for what is yours.
return-count = These are not six words or three phone numbers. Please look again.
return-words = One or more words are not in our list. Check the letters.
return-digits = One of the digits is not right. Please look again.
return-nothing = Nothing is kept under these words. Are they right? You can also just begin again.
return-not-now = It does not work now. Try again in a moment.
returning-title = Fetching what is yours
returning-lead = This needs a connection.
elsewhere-title = Opened somewhere else
elsewhere-lead = This conversation is now open on another device or in another tab. Nothing of it is left here.
elsewhere-not-you = Was that not you? Then go on here. It stops there.
elsewhere-take-over = Go on here
failed-not-kept = This conversation cannot be kept now. You can go on talking. If you close this page, you lose it.
failed-damaged = We cannot read a part of what was kept any more.

## Reporting, looking back

report = Report something about somebody
report-who = Whom is it about?
report-choose = Choose somebody
report-what = Is it about a message?
report-no-message = Not about one message
report-why = What is not right? You need not fill in anything.
report-to = Who may read this?
report-hosts = The hosts
report-past = The coordinator alone. The hosts do not read it.
report-send = Send the report
report-sending = Your report is on its way…
report-sent = Your report was sent. We do not know when somebody reads it.
report-about = Report about { $name } ({ $role })
report-why-said = What is not right:
report-proven = Checked: { $name } really wrote this.
report-not-proven = It cannot be checked whether this was written so.
failed-letter = That was not sent. What you wrote is still there. Try again later, or call one of the numbers.
stay-about = A host stays until { $time }. Would you like to talk a little longer?
stay-go = Stay a little longer
stay-on = Stay another quarter of an hour
stay-on-about = You open a new group for whoever wants to stay a little. Whoever does comes into her talk with you.
stays = You stay until { $time }, in a new group.
survey-title = How was it for you?
survey-lead = You need not answer anything. We only count, and do not keep who said what.
survey-heard = Did you feel heard?
survey-respected = Were you treated with respect?
survey-informed = Were you well informed?
survey-helped = Do you feel helped?
survey-partly = A little
survey-send = Send
survey-sent = Thank you. Your answer was counted.
debrief-title = How was it for you?
debrief-lead = The coordinator reads what you write here. Write nothing by which somebody could recognise a participant.
debrief-how = How was it for me?
debrief-hand-over = What are the next hosts to know? This goes to them too.
debrief-call-me = I want to be called
debrief-send = Send
debrief-sent = Sent. Thank you.
letters-title = Letters
letter-at = { $day } at { $time }
letter-debrief = { $name } writes about the group
letter-hand-over = { $name } writes for you
letter-call-me = { $name } wants to be called
letter-unreadable = This letter cannot be read. Perhaps it is not by whom it claims to be.
letter-done = Dealt with
letter-read = Read
numbers-title = What participants say
numbers-about = Numbers below 10 are left out, so that nobody can be recognised.
numbers-none = Nothing has been counted yet.
numbers-few = 1 to 9
numbers-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[other] December
  } { NUMBER($year) }

## The workshop

stage-title = The workshop
stage-lead = Anybody can come here. Write nothing by which somebody could recognise you. Who leads the workshop chooses which questions come on the screen.
stage-knocking = We are asking whether you may come in…
stage-many = Three questions of yours are waiting already.
stage-count = { $count ->
    [one] { $count } person is here
   *[other] { $count } people are here
  }
stage-agenda = Programme
stage-set-agenda = Write the programme
stage-agenda-lines = One part on each line
stage-agenda-go = Put up the programme
stage-questions = Questions
stage-ask = Your question
stage-ask-go = Ask the question
stage-question-waits = Your question waits: { $text }
stage-question-refused = This question of yours does not come on the screen: { $text }
stage-no-place = There is no place for a question now. Your text is still there. Try again later.
stage-not-sent = Your question was not sent. Your text is still there.
stage-upvote = I would like to know that too
stage-upvotes = { $count ->
    [one] { $count } other would like to know this too.
   *[other] { $count } others would like to know this too.
  }
stage-answered = Answered.
stage-show = Show the question
stage-refuse = Do not show the question
stage-is-answered = Was answered
stage-statements = Statements
stage-new-statement = New statement
stage-put = Have it voted on
stage-close = Close the vote
stage-votes = { $count ->
    [one] { $count } vote
   *[other] { $count } votes
  }
stage-agree = Agree
stage-neither = I do not know
stage-disagree = Disagree
stage-part = { $label }: { NUMBER($count) } ({ NUMBER($percent) } percent)
stage-result = What came of it
stage-result-about = Copy this to keep it. See that there are no names in it.
stage-open = Open the hall
stage-go = Go to the workshop
stage-panel = They lead the workshop
stage-not-led = Who leads the workshop is not connected now. Nobody can show questions or let people in now. You can wait or leave.
stage-take-out = Take whoever asks this out of the hall
stage-take-out-about = Then that person reads nothing here any more. The question is not on the screen then. The workshop is for everybody: that person can come in again.
stage-take-leader-out-about = Then this colleague does not lead the workshop any more. This colleague does not come in here again.
stage-take-out-now = Take out of the hall now
stage-end = Close the workshop
stage-end-about = Then everybody reads that the workshop is over. Nobody can ask or vote here any more. This hall does not open again.
stage-end-now = Close the workshop now
stage-end-not = Go on for now
stage-over = The workshop is closed. You cannot ask or vote here any more. What came of it stays here until an hour after the end.
stage-come = Join in the hall
presenter-title = Your workshops
presenter-alias = You are { $name }, presenter.
presenter-workshops = Workshops
presenter-choose = Choose a workshop.
planned-presenters = With { $names }.
planned-workshop = A workshop, for everybody.
plan-workshop = This is a workshop
failed-no-stage = This workshop is not open now.

## Waiting, and not now

line-expect = What can you expect?
expect-1 = First a host talks with you alone for a moment. She asks how you are and whether you can type safely now.
expect-2 = In the group are fifteen people at most. They only see the name you chose here.
expect-3 = A host opens the talk, watches over it and closes it. You need not tell anything.
expect-4 = Is it too much? You can always leave, or talk with a host alone.
refuse = Do not let in
refuse-reason = Why? She reads this in this talk.
refuse-full = The group is full. It has nothing to do with you. See when the next group is.
refuse-heavy = A group does not fit what you need now. A professional can think along with you better now.
refuse-other = It is not possible in this group today. You can talk with us here.
refuse-go = Do not let in today

ring-title = Reachable when this screen is closed
ring-lead = You then get a message: “Piketdienst. Er wacht een oproep. Open de app.” (On call. A call is waiting. Open the app.) It never says whose it is or what about. Others may see it on your screen.
ring-none = You have set nothing up here. You can be reached only while this screen is open.
ring-counts = You count as reachable once a practice call has arrived in one of these ways.
ring-test = Send a practice call
ring-tested = We are sending a practice call. If it arrives, you see so above, or you say so there.
ring-here = Let this device ring
ring-asking = One moment. Your browser is being asked.
ring-cannot = This device cannot ring that way. Allow notifications for this page, or use another browser.
ring-push = A device on which you had this page open
ring-text = Text message to { $number }
ring-voice = Phone call to { $number }
ring-mail = Mail to { $address }
ring-untried = Nothing has arrived here yet.
ring-works = Works: something arrived on { $time }.
ring-failing = Has not worked since { $time }. We keep trying.
ring-dead = This address does not exist any more. Set it up again.
ring-arrived = The practice call has arrived
ring-remove = Remove this
ring-number = Phone number, beginning with +31
ring-add-text = Text me
ring-add-voice = Phone me
ring-address = Mail address
ring-add-mail = Mail me

figures-title = Help calls in numbers
figures-about = By quarter and service. Numbers from 1 to 9 are left out, and sometimes another one with them. That makes it harder to recognise somebody. How it ended is only told once the quarter is over.
figures-quarter = { $service }, quarter { NUMBER($quarter) } of { NUMBER($year) }
figures-count = Count
figures-left-out = left out
figures-raised = Calls
figures-unstaffed = Nobody to be reached at first
figures-still-waiting = No answer yet after three minutes
figures-lead-lost = The professional was gone, somebody else was looked for
figures-hops-none = Closed without a hand-over
figures-hops-one = Closed after one hand-over
figures-hops-two = Closed after two hand-overs
figures-hops-more = Closed after three hand-overs or more
figures-rested = At rest: nothing written for thirty days
figures-outcomes = How did it end? One conversation can count more than once.
figures-spoke-yes = Somebody spoke with her
figures-spoke-no = Nobody spoke with her
figures-kept = Was done what was agreed?
figures-kept-no = No
figures-kept-partly = In part
figures-kept-yes = Yes
figures-taken = How long did it take until somebody took the call?
figures-spoke = How long did it take until somebody wrote to her?
figures-up-to = up to { NUMBER($seconds) } seconds
figures-longer = longer than { NUMBER($seconds) } seconds
figures-csv = Take it along as text
figures-csv-about = Copy this into a spreadsheet (CSV).

## Duty

own-duty-title = Your duty
own-duty-none = You are not on duty in the next seven days.
own-duty-take = I take over the duty
own-duty-take-about = Then the calls go to you. Above it then says until when. Whoever is on duty now can read that here.
own-duty-calendar = Your duty in your own calendar
own-duty-calendar-about = Add this address in your calendar. Whoever has this address sees when you are on duty. It says nothing about calls.
check-in = Your duty began at { $time }. Are you there?
check-in-about = Press here too if you got no test call. It only goes to what you have set up yourself. If you say nothing within a quarter of an hour after the beginning, a call may go to somebody else first.
check-in-go = I am here
duty-unverified = { $name } is on duty, but has not said that she is there. If that goes for her whole group, we call somebody else first, if there is one.
duty-on-a-day = { $day }, { $from } to { $until }
duty-over-days = { $day } { $from } to { $last } { $until }
duty-taken-by = { $name } has taken over the duty of { $service }, until { $until }.
duty-taken-by-somebody = A colleague has taken over the duty of { $service }, until { $until }.
duty-plan-title = Duty
duty-plan-about = This plan counts as soon as you save it, for calls that wait now too.
duty-plan-none = Nobody has made a plan yet. The operator's file counts now.
duty-plan-open = Look at the plan and change it
duty-covered = There is no gap in the plan in the next fourteen days.
duty-look-at = Have a look at this:
duty-wrong-hole = { $service } has nobody.
duty-wrong-few = { $service } has too few people.
duty-wrong-levels = { $name } stands twice at { $service }. If she does not answer, there is no second.
duty-wrong-services = { $name } stands at { $service } and also at { $other }.
duty-wrong-ended = { $name } stands at { $service }, but her certificate has ended by then. She is not called.
duty-wrong-unreached = Of { $service } we know of nobody whether a call arrives.
duty-wrong-unknown = At { $service } stands somebody who does not work here.
duty-add-service = Make a plan for { $service }
duty-remove-service = Take the plan of this service away
duty-layer = Group { NUMBER($level) }
duty-level = When is this group called: first, second, third?
duty-turns = In turn, in this order:
duty-nobody-yet = Nobody yet.
duty-earlier = { $name } earlier
duty-not-in-turn = { $name } not in turn any more
duty-add-person = Who takes part?
duty-pick-person = Choose somebody
duty-begins = The first turn begins on
duty-turn = How long is a turn?
duty-unit = Counted in
duty-days = days
duty-weeks = weeks
duty-months = months
duty-always = Day and night.
duty-add-window = Only on these days and hours
duty-window = Days and hours
duty-day = { NUMBER($day) ->
    [0] Monday
    [1] Tuesday
    [2] Wednesday
    [3] Thursday
    [4] Friday
    [5] Saturday
   *[other] Sunday
  }
duty-from = From
duty-until = Until
duty-remove-window = Take these hours away
duty-holidays = On holidays
duty-holidays-same = as always
duty-holidays-not = not
duty-holidays-also = also, whatever day it is
duty-add-layer = One more group
duty-remove-layer = Take this group away
duty-min = How many people must there be at least?
duty-fallback = Who comes after them?
duty-fallback-none = nobody
duty-once = Different for once
duty-temporary = From { $from } until { $until }: a plan of its own
duty-temporary-read = From { $from } to { $until }: a plan of its own, read from a calendar on { $day }
duty-change-add = From { $from } until { $until }: { $name } too, in group { NUMBER($level) }
duty-change-remove = From { $from } until { $until }: not { $name }
duty-change-replace = From { $from } until { $until }: { $by } instead of { $name }
duty-remove-change = Take it out: { $what }
duty-kind = What is different?
duty-kind-replace = somebody instead of another
duty-kind-remove = somebody is not on duty
duty-kind-add = somebody is on duty too
duty-change-who = Who?
duty-change-by = Who comes in her place?
duty-add-change = Add
duty-holidays-title = Holidays
duty-holiday-name = What is that day called?
duty-add-holiday = Add as a holiday
duty-file-title = Duty from another calendar
duty-file-about = Do you plan duty in another program? Save it there as an iCalendar file (.ics) and choose it here. Whoever you invite to an event is then on duty. The priority of the event is the group. The plan only changes when you save it.
duty-file-pick = Choose the file
duty-file-asked = One moment.
duty-file-found = { $count ->
    [one] There is one duty in this file
   *[other] There are { NUMBER($count) } duties in this file
  }, from { $first } to { $last }.
duty-file-who = Who is { $name }? (line { NUMBER($line) })
duty-file-skip = none of us: leave out
duty-file-put = Put these duties into the plan
duty-file-refused = { $why } Nothing has changed.
duty-file-refused-at = Line { NUMBER($line) }: { $why } Nothing has changed. Mend it in the other program and then choose the file again.
duty-file-fault-none = This is not a whole calendar.
duty-file-fault-line = We cannot read this line.
duty-file-fault-time = We cannot read this time.
duty-file-fault-zone = We do not know this time zone.
duty-file-fault-rule = It cannot come again like this here. It can by day, week, month or year.
duty-file-fault-attendee = Nobody is invited to this event.
duty-file-fault-missing = This event has no beginning, no end or no name.
duty-file-fault-empty = There is no duty in it from now on.
duty-file-write = Make a calendar file of this duty
duty-file-save = Save the file
duty-save = Save the plan
duty-undo = Change nothing
duty-saving = It is being saved.
duty-not-saved = Not saved yet.
duty-save-anyway = Save it all the same
duty-fault-in = { $service }: { $why }
duty-fault-in-layer = { $service }, group { NUMBER($layer) }: { $why }
duty-fault-zone = We do not know this time zone.
duty-fault-level = Groups count from 1.
duty-fault-turn = Nobody is chosen, or a turn is shorter than a day.
duty-fault-backwards = It ends before it begins.
duty-fault-fallback = Who comes after them is not there, or leads back to here.
duty-fault-no-fallback = A plan of its own needs a service that comes after it.
duty-fault-time = A day or a time is not filled in well.
duty-fault-nobody = Somebody stands here who does not work here.
duty-fault-name = Each service needs a name of its own.
duty-fault-no-plan = Nobody has made a plan for this service. Ask the coordinator.
duty-fault-not-hers = This is not your duty.
duty-fault-hole = then nobody is there on { $when }. Do you really want that?
duty-fault-changed = Somebody else has just changed the plan. This is how it is now. Make your change again.
duty-fault-large = This is too much for one plan.
duty-fault-other = It did not work. Try again.

## Nummers

lines-title = Numbers on the card
lines-about = Everybody sees these numbers. Check them twice a year: call, or look at the website.
lines-old = { $count ->
    [one] One number has not been checked for more than half a year.
   *[other] { NUMBER($count) } numbers have not been checked for more than half a year.
  }
lines-all = Look at the numbers
lines-stale = More than half a year ago. Check this.
lines-check = Still right
lines-check-of = Still right: { $number }
lines-remove = Take off
lines-remove-of = Take off: { $number }
lines-number = A number of your region
lines-whose = Whose is it, and what for?
lines-happens = What happens when somebody calls?
lines-acts = Whoever answers can act on what she hears.
lines-no-number = Nobody can call this number. Use digits.
lines-no-words = Write whose number it is and what happens.
lines-go = Put it on the card
lines-may-act = They can act themselves, without your yes too.
lines-near = Numbers near here
