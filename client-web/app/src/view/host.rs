//! A host's evening: who waits, which groups are open, whether a professional can be reached.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{Command, Invited, Kind, PlaceView, RoomId, SessionView};

use super::Title;
use super::button::button;
use super::calendar::line;
use super::debrief::Debrief;
use super::desk::Desk;
use super::entry::open_now;
use super::held::Held;
use super::letters::Letters;
use super::measures::{Measures, Opening};
use super::members::Members;
use super::presenter::Workshops;
use super::stage::Lead;
use super::talk::Talk;
use super::when;
use crate::bridge;
use crate::clock;
use crate::model::{LineState, Model, Room};
use crate::screen::{Asked, Opened};
use crate::state::{State, state};
use crate::words::Words;

/// The desk of a host.
#[component]
pub(crate) fn Tonight() -> impl IntoView {
    let state = state();
    let words = state.words;
    let alias = state.model.with_untracked(|model| model.you.as_ref().and_then(|you| you.alias.clone()));
    let opened = Memo::new(move |_| {
        let Some(Opened::Room(room)) = state.chosen.with(|chosen| chosen.opened.clone()) else { return None };
        state.model.with(|model| model.room(&room).map(|room| (room.view.room.clone(), room.view.kind)))
    });
    let list = view! {
        <Title text=words.host_title().to_owned()/>
        <p data-test="you">{words.host_alias(&alias.unwrap_or_default())}</p>
        <super::desk::Until/>
        <super::own_duty::CheckIn/>
        <super::desk::Unattended/>
        <Mine/>
        <Workshops/>
        <Letters/>
        <Lines/>
        <Groups/>
        <h2>{words.host_professionals()}</h2>
        <div class="open-now" role="status" data-test="open-now">{move || open_now(state)}</div>
        <super::device::Device/>
    };
    let conversation = move || match opened.get() {
        Some((room, Kind::Line)) => view! { <LineTalk room/> }.into_any(),
        Some((room, Kind::Stage)) => view! { <Lead room/> }.into_any(),
        Some((room, _)) => view! { <GroupTalk room/> }.into_any(),
        None => view! { <p class="small">{words.host_choose()}</p> }.into_any(),
    };
    view! { <Desk list=list.into_any() conversation=conversation.into_any()/> }
}

// One line in the list. Rows are kept as long as what they say stays the same: a message elsewhere must not take
// the focus away from the button that somebody is about to press.
#[derive(Clone, Eq, Hash, PartialEq)]
struct LineRow {
    room: RoomId,
    name: Option<String>,
    since: Option<u64>,
    stands: Stands,
    invitation: Option<(Invited, String)>,
    place: PlaceView,
    refused: bool,
}

#[derive(Clone, Copy, Eq, Hash, PartialEq)]
enum Stands {
    Waits,
    InGroup(u64),
    Elsewhere,
    Left,
}

impl Stands {
    // Where she is, if she does not wait.
    fn said(self, words: Words) -> Option<String> {
        match self {
            Self::Waits => None,
            Self::InGroup(number) => Some(words.host_admitted(number)),
            Self::Elsewhere => Some(words.host_admitted_elsewhere().to_owned()),
            Self::Left => Some(words.host_line_left().to_owned()),
        }
    }
}

impl LineRow {
    fn of(line: &Room, model: &Model) -> Self {
        let stands = match line.line_state() {
            LineState::Waits => Stands::Waits,
            LineState::Admitted(group) => {
                model.group_number(group).map_or(Stands::Elsewhere, Stands::InGroup)
            }
            LineState::Left => Stands::Left,
        };
        let name = line.person_name().map(str::to_owned);
        let invitation = line.view.invitation.as_ref().map(|shown| (shown.state, shown.partner.clone()));
        let place = line.view.place;
        // Let in to none of the groups there are, those that are over aside.
        let blocked = |group: &Room| line.view.blocked.iter().any(|(room, _)| *room == group.view.room);
        let is_over = |group: &&Room| matches!(group.view.floor.session, SessionView::Closed { .. });
        let mut groups = model.rooms_of(Kind::Peer).filter(|group| !is_over(group)).peekable();
        let refused = groups.peek().is_some() && groups.all(blocked);
        Self { room: line.view.room.clone(), name, since: line.since(), stands, invitation, place, refused }
    }

    fn waits(&self) -> bool {
        self.stands == Stands::Waits
    }

    // Whose place is free comes after those who are there or may be back in a moment.
    fn rank(&self) -> u8 {
        match (self.stands, self.place) {
            (Stands::Waits, PlaceView::Here | PlaceView::Away { .. }) if !self.refused => 0,
            (Stands::Waits, _) => 1,
            _ => 2,
        }
    }
}

/// The sessions of the calendar that she leads.
#[component]
fn Mine() -> impl IntoView {
    let state = state();
    let words = state.words;
    let mine = Memo::new(move |_| {
        let now = state.now_ms.get();
        state.model.with(|model| {
            let alias = model.you.as_ref().and_then(|you| you.alias.clone()).unwrap_or_default();
            model.ahead(now).filter(|session| session.hosts.contains(&alias)).take(3).collect::<Vec<_>>()
        })
    });
    let some = Memo::new(move |_| mine.with(|mine| !mine.is_empty()));
    let overloaded = Memo::new(move |_| {
        let now = state.now_ms.get();
        state.model.with(|model| model.is_overloaded(now))
    });
    view! {
        {move || some.get().then(|| view! { <h2>{words.host_sessions()}</h2> })}
        <div role="status">{move || overloaded.get().then(|| view! {
            <p class="note" data-test="overloaded">{words.host_overloaded()}</p> })}</div>
        <ul class="planned" data-test="my-sessions">
            <For each=move || mine.get() key=Clone::clone children=move |session| view! { <li>{line(words, &session)}</li> }/>
        </ul>
    }
}

// Whether the session she leads now is for those who were invited.
fn is_by_invitation(state: State) -> Memo<bool> {
    Memo::new(move |_| {
        let now = state.now_ms.get();
        state.model.with(|model| model.leads(now).is_some_and(|session| session.by_invitation))
    })
}

// What is known of her invitation; and that there is none, where one is needed. The host judges.
fn invited_text(words: Words, invitation: Option<(Invited, String)>, needed: bool) -> Option<String> {
    match invitation {
        Some((state, partner)) => Some(invitation_text(words, state, &partner)),
        None => needed.then(|| words.host_invited_not().to_owned()),
    }
}

#[component]
fn Lines() -> impl IntoView {
    let state = state();
    let words = state.words;
    let by_invitation = is_by_invitation(state);
    // Who waits comes first; among equals who came first.
    let lines = Memo::new(move |_| {
        state.model.with(|model| {
            let mut rows: Vec<_> = model.rooms_of(Kind::Line).map(|line| LineRow::of(line, model)).collect();
            rows.sort_by_key(LineRow::rank);
            rows
        })
    });
    let row = move |row: LineRow| {
        let LineRow { room, name, since, stands, invitation, place, .. } = row;
        let needed = move || by_invitation.get() && stands == Stands::Waits;
        let invited = move || invited_text(words, invitation.clone(), needed());
        let name = name.unwrap_or_else(|| words.nameless().to_owned());
        let label = words.host_open_line(&name);
        let waiting = move || Some(words.host_waiting(clock::minutes(since?, state.now_ms.get())));
        let about = move || stands.said(words).or_else(waiting);
        let away = move || place_text(words, stands, place, state.now_ms.get());
        view! {
            <li data-test="line-item">
                <span class="line-about"><bdi class="name" translate="no" data-test="line-name">{name}</bdi>" "
                    <span class="small" data-test="line-about">{about}</span>
                    {move || away().map(|text| view! { " "<span class="small" data-test="line-place">{text}</span> })}
                    {move || invited().map(|text| view! { " "<span class="small" data-test="line-invitation">{text}</span> })}</span>
                <button type="button" data-test="line-open" on:click=move |_| state.open(Opened::Room(room.clone()))>{label}</button>
            </li>
        }
    };
    let nobody_waits = move || lines.with(|rows| !rows.iter().any(LineRow::waits));
    view! {
        <h2>{words.host_lines()}</h2>
        {move || nobody_waits().then(|| view! { <p class="small">{words.host_no_lines()}</p> })}
        <ul class="work" data-test="lines-waiting">
            <For each=move || lines.get() key=LineRow::clone children=row/>
        </ul>
    }
}

// Whether she is there, as far as it matters: in her line, whoever is in a group can be elsewhere.
fn place_text(words: Words, stands: Stands, place: PlaceView, now_ms: u64) -> Option<String> {
    match (stands, place) {
        (Stands::Left, _) | (_, PlaceView::Here) => None,
        (_, PlaceView::Away { since }) => Some(words.host_away(clock::minutes(since, now_ms))),
        (_, PlaceView::Free) => Some(words.host_place_free().to_owned()),
    }
}

// What is known of an invitation. Only one that counts says who gave it: the name in another may be anybody's invention.
fn invitation_text(words: Words, state: Invited, partner: &str) -> String {
    match state {
        Invited::Checking => words.host_invited_checking().to_owned(),
        Invited::Counts => words.host_invited(partner),
        Invited::Used => words.host_invited_used(partner),
        Invited::Wrong => words.host_invited_wrong().to_owned(),
    }
}

#[component]
fn Groups() -> impl IntoView {
    let state = state();
    let words = state.words;
    let groups = Memo::new(move |_| {
        state.model.with(|model| {
            let groups = model.rooms_of(Kind::Peer);
            let row = |room: &Room| {
                let id = room.view.room.clone();
                let waiting = model.waiting(&id).len() as u64;
                let open = room.view.floor.session != SessionView::Waiting;
                (id, room.view.members.len() as u64, waiting, open)
            };
            groups.map(row).zip(1..).collect::<Vec<_>>()
        })
    });
    let asked = move || state.chosen.with(|chosen| chosen.asked == Some(Asked::Group));
    let row = move |((room, count, waiting, open), number): ((RoomId, u64, u64, bool), u64)| {
        view! {
            <li data-test="group-item">
                <span class="line-about"><span class="name">{words.peer_title_number(number)}</span>" "
                    <span class="small">{words.host_room_about(count)}
                        {(!open).then(|| format!("{}{}", words.listed_comma(), words.host_room_waiting()))}</span>
                    {(waiting > 0).then(|| view! { " "<span class="waits" data-test="held-count">{words.held_count(waiting)}</span> })}</span>
                <button type="button" data-test="group-open" on:click=move |_| state.open(Opened::Room(room.clone()))>
                    {words.host_enter_room(number)}</button>
            </li>
        }
    };
    view! {
        <h2>{words.host_rooms()}</h2>
        <ul class="work"><For each=move || groups.get() key=Clone::clone children=row/></ul>
        {move || groups.with(Vec::is_empty).then(|| view! { <p class="small">{words.host_no_rooms()}</p> })}
        <p><button type="button" class="main" data-test="open-peer-room" disabled=asked
            on:click=move |_| state.ask(Asked::Group, &Command::OpenPeerRoom { at_once: false })>{words.host_open_room()}</button></p>
    }
}

#[component]
fn LineTalk(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let name = {
        let room = room.clone();
        Memo::new(move |_| {
            let name = state.model.with(|model| model.room(&room)?.person_name().map(str::to_owned));
            name.unwrap_or(words.nameless().to_owned())
        })
    };
    let stands = {
        let room = room.clone();
        Memo::new(move |_| {
            state.model.with(|model| model.room(&room).map(|line| LineRow::of(line, model).stands))
        })
    };
    let blocked = {
        let room = room.clone();
        Memo::new(move |_| {
            let now = state.now_ms.get();
            let of = |model: &Model| {
                let blocked = model.room(&room)?.view.blocked.iter().filter(|(_, until)| *until > now);
                Some(blocked.cloned().collect::<Vec<_>>())
            };
            state.model.with(of).unwrap_or_default()
        })
    };
    let not_again = move || {
        let number = |group: &RoomId| state.model.with(|model| model.group_number(group));
        let blocked = blocked.get().into_iter().filter_map(|(group, until)| Some((number(&group)?, until)));
        let text = |(number, until): (u64, u64)| {
            let (day, time) = (when::weekday(words, until), when::time(until));
            view! { <p class="small" data-test="blocked">{words.host_blocked(&day, number, &time)}</p> }
        };
        blocked.map(text).collect_view()
    };
    // The groups she can be let in to: none once she is in one.
    let groups = Memo::new(move |_| {
        let waits = stands.get() == Some(Stands::Waits);
        let groups = state.model.with(|model| {
            let groups = model.rooms_of(Kind::Peer).map(|room| room.view.room.clone()).zip(1..);
            groups
                .filter(|(group, _)| !blocked.with(|blocked| blocked.iter().any(|it| it.0 == *group)))
                .collect::<Vec<(_, u64)>>()
        });
        waits.then_some(groups)
    });
    let admit = {
        let line = room.clone();
        move |(group, number): (RoomId, u64)| {
            let command = Command::Admit { line: line.clone(), room: group };
            view! { <button type="button" class="main" data-test="admit" on:click=move |_| {
                state.model.update(|model| model.notice = None);
                bridge::send(&command);
            }>{words.host_admit(number)}</button> }
        }
    };
    // Not now: a reason, and a day in which no host lets her in by mistake.
    let refuse = {
        let line = room.clone();
        move || {
            let open = groups.get().filter(|groups| !groups.is_empty())?;
            let rooms: Vec<RoomId> = open.into_iter().map(|(room, _)| room).collect();
            Some(view! { <Refuse line=line.clone() rooms/> })
        }
    };
    let no_group = move || {
        groups.with(|groups| groups.as_ref().is_some_and(Vec::is_empty)) && blocked.with(Vec::is_empty)
    };
    let where_she_is = move || {
        let words = stands.get().and_then(|stands| stands.said(words));
        words.map(|words| view! { <p class="small" data-test="line-stands">{words}</p> })
    };
    let away = {
        let room = room.clone();
        move || {
            let place = state.model.with(|model| model.room(&room).map(|room| room.view.place))?;
            let text = place_text(words, stands.get()?, place, state.now_ms.get())?;
            Some(view! { <p class="small" data-test="line-place">{text}</p> })
        }
    };
    let invitation = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| model.room(&room)?.view.invitation.clone()))
    };
    let by_invitation = is_by_invitation(state);
    let invited = move || {
        let shown = invitation.get().map(|shown| (shown.state, shown.partner));
        let needed = by_invitation.get() && stands.get() == Some(Stands::Waits);
        let text = invited_text(words, shown, needed);
        text.map(|text| view! { <p class="small" data-test="invitation">{text}</p> })
    };
    // As many as were planned are in: she may let in one more, and knows it.
    let full = Memo::new(move |_| {
        let now = state.now_ms.get();
        let groups = groups.get().unwrap_or_default().into_iter();
        state.model.with(|model| {
            groups.filter_map(|(group, number)| Some((number, model.full(&group, now)?))).collect::<Vec<_>>()
        })
    });
    let full = move || {
        let text = |(number, (count, size))| words.host_full(count, number, size);
        let texts = full.get().into_iter().map(text);
        texts.map(|text| view! { <p class="small" data-test="full">{text}</p> }).collect_view()
    };
    let leave = Command::Leave { room: room.clone() };
    view! {
        <section class="room" data-test="line">
            <div class="room-head">
                <h2>{move || words.line_with(&name.get())}</h2>
                {where_she_is}
                <div role="status">{away}</div>
                {invited}
                <div role="status">{full}</div>
                <p class="buttons"><For each=move || groups.get().unwrap_or_default() key=Clone::clone children=admit/></p>
                {not_again}
                {refuse}
                {move || no_group().then(|| view! { <p class="small">{words.host_admit_none(&name.get())}</p> })}
                <Members room=room.clone() can_remove=true/>
            </div>
            <Talk room=room.clone()/>
            <p class="room-foot">{button("plain", "leave", words.leave(), move |_| bridge::send(&leave))}</p>
        </section>
    }
}

/// Whoever waits is not let in: she reads why in her line, and for a day she is let in to none of these groups.
#[component]
fn Refuse(line: RoomId, rooms: Vec<RoomId>) -> impl IntoView {
    let words = state().words;
    let reason = RwSignal::new(String::new());
    let refuse = move |event: SubmitEvent| {
        event.prevent_default();
        let text = reason.get_untracked().trim().to_owned();
        if text.is_empty() {
            return;
        }
        bridge::send(&Command::Say { room: line.clone(), text });
        for room in &rooms {
            bridge::send(&Command::Block { line: line.clone(), room: room.clone() });
        }
    };
    let ready = [words.refuse_full(), words.refuse_heavy(), words.refuse_other()].map(|text| {
        view! { <li><button type="button" class="plain" on:click=move |_| reason.set(text.to_owned())>{text}</button></li> }
    });
    view! {
        <details data-test="refuse"><summary>{words.refuse()}</summary>
            <form autocomplete="off" on:submit=refuse>
                <label class="field">{words.refuse_reason()}
                    <textarea rows="2" dir="auto" placeholder=" " autocomplete="off" spellcheck="false" data-test="refuse-reason" prop:value=reason
                        on:input:target=move |event| reason.set(event.target().value())></textarea></label>
                <ul class="ready">{ready}</ul>
                <p><button type="submit" data-test="refuse-go" disabled=move || reason.with(|it| it.trim().is_empty())>{words.refuse_go()}</button></p>
            </form></details>
    }
}

#[component]
fn GroupTalk(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let number = state.model.with_untracked(|model| model.group_number(&room)).unwrap_or(1);
    let leave = Command::Leave { room: room.clone() };
    view! {
        <section class="room group" data-test="group">
            <div class="room-head">
                <h2>{words.peer_title_number(number)}</h2>
                <Members room=room.clone() can_remove=true/>
                <Measures room=room.clone()/>
                <Move room=room.clone()/>
            </div>
            <Opening room=room.clone()/>
            <Held room=room.clone()/>
            <Talk room=room.clone()/>
            <Debrief room=room.clone()/>
            <p class="room-foot">{button("plain", "leave", words.leave(), move |_| bridge::send(&leave))}</p>
        </section>
    }
}

/// Into a new room with everybody, where that is called for.
#[component]
fn Move(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let called_for = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| model.room(&room).is_some_and(|room| room.view.move_it)))
    };
    let command = Command::Move { room };
    let offer = move || {
        let command = command.clone();
        view! {
            <p class="note">{words.host_move_about()}" "
                {button("", "move", words.host_move(), move |_| bridge::send(&command))}</p>
        }
    };
    view! { <div role="status">{move || called_for.get().then(offer.clone())}</div> }
}
