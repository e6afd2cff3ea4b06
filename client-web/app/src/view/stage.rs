//! A workshop: for those who come, and for who leads it.

use leptos::ev::SubmitEvent;
use leptos::html::Button;
use leptos::prelude::*;
use lotgenoot_messages::{
    Act, Asked, Choice, Command, Measure, MemberId, MemberView, MessageId, QuestionState, QuestionView, Role,
    RoomId, StatementView, Urgency,
};

use super::Title;
use super::button::button;
use super::floor::{ToGroup, ToLine};
use super::focus;
use super::mark::Who;
use super::talk::{Talk, hint_text};
use crate::bridge;
use crate::hint::{Hint, hint};
use crate::model::Room;
use crate::model::stage::{Labels, after_asking, percent, result, shown};
use crate::state::state;
use crate::words::Words;

/// So many questions of one person may wait.
const WAITING_MAX: usize = 3;

/// For whoever comes.
#[component]
pub(crate) fn Stage(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let leave = Command::Leave { room: room.clone() };
    let over = is_over(&room);
    let not_led = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| model.is_not_led(&room)))
    };
    let ask = {
        let room = room.clone();
        move || (!over.get()).then(|| view! { <Ask room=room.clone()/> })
    };
    view! {
        <section class="room stage" data-test="stage">
            <div class="room-head"><Title text=words.stage_title().to_owned()/><Count room=room.clone()/>
                <Panel room=room.clone() leads=false/></div>
            <Over over/>
            {move || (!over.get()).then(|| view! { <p class="small">{words.stage_lead()}</p> })}
            <div role="status">{move || not_led.get().then(|| view! { <p class="note" data-test="stage-not-led">{words.stage_not_led()}</p> })}</div>
            <Agenda room=room.clone()/>
            <Talk room=room.clone() silent=true/>
            <Statements room=room.clone() leads=false/>
            <Questions room=room.clone()/>
            {ask}
            <p class="room-foot"><ToLine/><ToGroup/>
                {button("help", "raise", words.choose_professional(), move |_| state.wants_somebody(Urgency::Now))}
                {button("plain", "leave", words.leave(), move |_| bridge::send(&leave))}</p>
        </section>
    }
}

/// For who leads it.
#[component]
pub(crate) fn Lead(room: RoomId) -> impl IntoView {
    let words = state().words;
    let leave = Command::Leave { room: room.clone() };
    let over = is_over(&room);
    // What nobody does any more once it is over.
    let until_over = |part: fn(RoomId) -> AnyView| {
        let room = room.clone();
        move || (!over.get()).then(|| part(room.clone()))
    };
    let agenda = until_over(|room| view! { <SetAgenda room/> }.into_any());
    let waiting = until_over(|room| view! { <Waiting room/> }.into_any());
    let put = until_over(|room| view! { <Put room/> }.into_any());
    let end = until_over(|room| view! { <End room/> }.into_any());
    view! {
        <section class="room stage" data-test="stage">
            <div class="room-head"><h2>{words.stage_title()}</h2><Count room=room.clone()/>
                <Panel room=room.clone() leads=true/></div>
            <Over over/>
            <Agenda room=room.clone()/>
            {agenda}
            <Talk room=room.clone()/>
            {waiting}
            <Questions room=room.clone()/>
            <Statements room=room.clone() leads=true/>
            {put}
            <Result room=room.clone()/>
            {end}
            <p class="room-foot">{button("plain", "leave", words.leave(), move |_| bridge::send(&leave))}</p>
        </section>
    }
}

/// That it is over, said at the top: on a phone nobody sees the rest.
#[component]
fn Over(over: Memo<bool>) -> impl IntoView {
    let words = state().words;
    let said = move || {
        over.get()
            .then(|| view! { <p class="note" data-test="floor" data-state="closed">{words.stage_over()}</p> })
    };
    view! { <div role="status">{said}</div> }
}

fn is_over(room: &RoomId) -> Memo<bool> {
    let (state, room) = (state(), room.clone());
    Memo::new(move |_| state.model.with(|model| model.room(&room).is_some_and(Room::is_over)))
}

/// Who leads it: the others have no names here.
#[component]
fn Panel(room: RoomId, leads: bool) -> impl IntoView {
    let state = state();
    let words = state.words;
    let panel = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| model.leaders(&room)))
    };
    let row = move |member: MemberView| {
        let out = (leads && !member.you).then(|| {
            let (label, about) = (words.host_remove(&member.name), words.stage_take_leader_out_about());
            let (room, member) = (room.clone(), member.id.clone());
            view! { <TakeOut mark="take-leader-out" room member label about question=None/> }
        });
        view! { <li data-test="panel-member"><Who member/>{out}</li> }
    };
    view! {
        <div class="members" data-test="panel"><p class="label">{words.stage_panel()}</p>
            <ul><For each=move || panel.get() key=Clone::clone children=row/></ul></div>
    }
}

/// Somebody out of the hall. What cannot be taken back says what it does first.
#[component]
fn TakeOut(
    mark: &'static str,
    room: RoomId,
    member: MemberId,
    label: String,
    about: &'static str,
    /// What she is known by, if she has no name: it is not shown then.
    question: Option<MessageId>,
) -> impl IntoView {
    let words = state().words;
    let asked = RwSignal::new(false);
    let (safe, opener) = (NodeRef::<Button>::new(), NodeRef::<Button>::new());
    focus::moves(asked, move || drop(safe.get().map(|it| it.focus())), opener);
    let take_out = move |_| {
        if let Some(question) = &question {
            act(&room, Act::Moderate(question.clone(), QuestionState::Refused));
        }
        bridge::send(&Command::Remove { room: room.clone(), member: member.clone() });
        asked.set(false);
    };
    move || {
        if !asked.get() {
            return view! { <button type="button" class="plain" data-test=mark node_ref=opener on:click=move |_| asked.set(true)>{label.clone()}</button> }
                .into_any();
        }
        let take_out = take_out.clone();
        view! {
            <div class="note"><p>{about}</p>
                <p class="buttons">
                    {button("", "take-out-now", words.stage_take_out_now(), take_out)}
                    <button type="button" class="main" data-test="take-out-not" node_ref=safe on:click=move |_| asked.set(false)>{words.remove_not()}</button>
                </p></div>
        }
        .into_any()
    }
}

/// Whoever asked this, out of the hall, as long as she is in it.
#[component]
fn Asker(room: RoomId, question: QuestionView) -> impl IntoView {
    let state = state();
    let words = state.words;
    let here = {
        let (room, from) = (room.clone(), question.from.clone());
        Memo::new(move |_| {
            let here = |member: &MemberView| Some(&member.id) == from.as_ref() && member.role == Role::Person;
            let found =
                state.model.with(|model| model.room(&room)?.view.members.iter().find(|it| here(it)).cloned());
            found.map(|member| member.id)
        })
    };
    move || {
        let (room, question) = (room.clone(), Some(question.id.clone()));
        here.get().map(|member| view! {
            <TakeOut mark="take-out" room member label=words.stage_take_out().to_owned() about=words.stage_take_out_about() question/>
        })
    }
}

/// The end of it, for everybody.
#[component]
fn End(room: RoomId) -> impl IntoView {
    let words = state().words;
    let asked = RwSignal::new(false);
    let (safe, opener) = (NodeRef::<Button>::new(), NodeRef::<Button>::new());
    focus::moves(asked, move || drop(safe.get().map(|it| it.focus())), opener);
    let end = Command::Rule { room, measure: Measure::End };
    move || {
        let end = end.clone();
        if !asked.get() {
            return view! { <p><button type="button" data-test="stage-end" node_ref=opener on:click=move |_| asked.set(true)>{words.stage_end()}</button></p> }
                .into_any();
        }
        view! {
            <div class="note"><p>{words.stage_end_about()}</p>
                <p class="buttons">
                    {button("", "stage-end-now", words.stage_end_now(), move |_| bridge::send(&end))}
                    <button type="button" class="main" data-test="stage-end-not" node_ref=safe on:click=move |_| asked.set(false)>{words.stage_end_not()}</button>
                </p></div>
        }
        .into_any()
    }
}

fn act(room: &RoomId, act: Act) {
    bridge::send(&Command::Act { room: room.clone(), act });
}

#[component]
fn Count(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let count = Memo::new(move |_| {
        state.model.with(|model| model.room(&room).map_or(0, |room| room.view.members.len()) as u64)
    });
    view! { <p class="small" data-test="stage-count">{move || words.stage_count(count.get())}</p> }
}

#[component]
fn Agenda(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let items = Memo::new(move |_| state.model.with(|model| model.stage(&room).agenda));
    let list = move || {
        let items = items.get().into_iter().map(|item| view! { <li><bdi>{item}</bdi></li> });
        view! { <h2>{words.stage_agenda()}</h2><ol data-test="agenda">{items.collect_view()}</ol> }
    };
    move || (!items.with(Vec::is_empty)).then(list)
}

#[component]
fn SetAgenda(room: RoomId) -> impl IntoView {
    let words = state().words;
    let text = RwSignal::new(String::new());
    let set = move |event: SubmitEvent| {
        event.prevent_default();
        let items = text.with_untracked(|text| {
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        });
        act(&room, Act::Agenda(items));
    };
    view! {
        <details><summary>{words.stage_set_agenda()}</summary>
            <form autocomplete="off" on:submit=set>
                <label class="field">{words.stage_agenda_lines()}
                    <textarea rows="4" dir="auto" placeholder=" " autocomplete="off" data-test="agenda-lines" prop:value=text
                        on:input:target=move |event| text.set(event.target().value())></textarea></label>
                <p><button type="submit" data-test="agenda-set">{words.stage_agenda_go()}</button></p>
            </form></details>
    }
}

/// What everybody sees of the questions.
#[component]
fn Questions(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let leads = state.model.with_untracked(|model| model.is_staff());
    let questions = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| shown(&model.stage(&room))))
    };
    let some = Memo::new(move |_| questions.with(|it| !it.is_empty()));
    let over = is_over(&room);
    // What changes is read inside the row: nothing goes away under a finger because others press too.
    let row = move |question: QuestionView| {
        let (room, id) = (room.clone(), question.id.clone());
        let now = {
            let id = id.clone();
            Memo::new(move |_| questions.with(|it| it.iter().find(|it| it.id == id).cloned()))
        };
        let is = move |what: fn(&QuestionView) -> bool| {
            Memo::new(move |_| now.with(|it| it.as_ref().is_some_and(what)))
        };
        let answered = is(|it| it.state == QuestionState::Answered);
        let upvoted = is(|it| it.upvoted);
        let others = Memo::new(move |_| {
            now.with(|it| it.as_ref().map_or(0, |it| it.upvotes.saturating_sub(u32::from(it.upvoted))))
        });
        let counted = move || {
            let count = Some(u64::from(others.get())).filter(|count| *count > 0);
            count.map(|count| words.stage_upvotes(count))
        };
        let press = {
            let (room, id) = (room.clone(), id.clone());
            move || act(&room, Act::Upvote(id.clone(), !upvoted.get_untracked()))
        };
        let upvote =
            move || {
                let press = press.clone();
                (!leads && !answered.get() && !over.get()).then(|| view! {
                <button type="button" data-test="upvote" aria-pressed=move || upvoted.get().to_string()
                    on:click=move |_| press()>{words.stage_upvote()}</button>
            })
            };
        let asker = {
            let (room, question) = (room.clone(), question.clone());
            move || {
                let (room, question) = (room.clone(), question.clone());
                (leads && !over.get()).then(|| view! { <Asker room question/> })
            }
        };
        let moderate = move || {
            let states = [QuestionState::Answered, QuestionState::Refused];
            (leads && !answered.get() && !over.get()).then(|| moderation(words, &room, &id, &states))
        };
        view! {
            <li data-test="question"><div>
                <p dir="auto" translate="no">{question.text}</p>
                <p class="small">{counted}{move || answered.get().then(|| format!(" {}", words.stage_answered()))}</p>
                <p class="buttons">{upvote}{moderate}</p>{asker}</div></li>
        }
    };
    view! {
        <div role="status">{move || some.get().then(|| view! { <h2>{words.stage_questions()}</h2> })}</div>
        <ul class="work"><For each=move || questions.get() key=|it| it.id.clone() children=row/></ul>
    }
}

/// What nobody who leads has looked at.
#[component]
fn Waiting(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let waiting = {
        let room = room.clone();
        Memo::new(move |_| {
            let questions = state.model.with(|model| model.stage(&room).questions);
            questions.into_iter().filter(|it| it.state == QuestionState::Waiting).collect::<Vec<_>>()
        })
    };
    let some = Memo::new(move |_| waiting.with(|it| !it.is_empty()));
    let row = move |question: QuestionView| {
        let buttons = moderation(words, &room, &question.id, &[QuestionState::Shown, QuestionState::Refused]);
        let asker = view! { <Asker room=room.clone() question=question.clone()/> };
        view! {
            <li data-test="question-waiting"><div><p dir="auto" translate="no">{question.text}</p>
                <p class="buttons">{buttons}</p>{asker}</div></li>
        }
    };
    view! {
        <div role="status">{move || some.get().then(|| view! { <h2>{words.held_title()}</h2> })}</div>
        <ul class="work held"><For each=move || waiting.get() key=Clone::clone children=row/></ul>
    }
}

fn moderation(
    words: Words,
    room: &RoomId,
    question: &str,
    states: &[QuestionState],
) -> impl IntoView + use<> {
    let button = |state: &QuestionState| {
        let (mark, label) = match state {
            QuestionState::Shown | QuestionState::Waiting => ("question-show", words.stage_show()),
            QuestionState::Answered => ("question-answered", words.stage_is_answered()),
            QuestionState::Refused => ("question-refuse", words.stage_refuse()),
        };
        let (room, question, state) = (room.clone(), question.to_owned(), *state);
        view! {
            <button type="button" data-test=mark on:click=move |_| act(&room, Act::Moderate(question.clone(), state))>{label}</button>
        }
    };
    states.iter().map(button).collect_view()
}

/// A question of her own.
#[component]
fn Ask(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let asking = RwSignal::new(None::<Hint>);
    // Kept with what else is typed, until it is on the stage.
    let draft = format!("ask/{room}");
    let text = {
        let draft = draft.clone();
        Memo::new(move |_| state.drafts.with(|drafts| drafts.get(&draft).cloned().unwrap_or_default()))
    };
    let keep = {
        let draft = draft.clone();
        move |text: String| state.drafts.update(|drafts| drop(drafts.insert(draft.clone(), text)))
    };
    let own = {
        let room = room.clone();
        Memo::new(move |_| {
            let questions = state.model.with(|model| model.stage(&room).questions);
            let own = questions.into_iter().filter(|it| it.yours);
            own.map(|it| (it.text, it.state)).collect::<Vec<_>>()
        })
    };
    let sending = RwSignal::new(false);
    let no_place = RwSignal::new(None::<Asked>);
    let send = {
        let room = room.clone();
        move |anyway: bool| {
            let question = text.get_untracked().trim().to_owned();
            let found = hint(&question).filter(|_| !anyway);
            asking.set(found);
            if found.is_none() && !question.is_empty() {
                act(&room, Act::Ask(question));
                no_place.set(None);
                sending.set(true);
            }
        }
    };
    let again = send.clone();
    let arrived = keep.clone();
    // What became of it is said once, whatever else has happened meanwhile: then it is no draft any more, or is one still.
    Effect::new(move |_| {
        let asked = state.model.with(|model| model.asked.get(&room).cloned());
        let Some((question, what)) = asked else { return };
        let draft = text.get_untracked();
        after_asking(&draft, &question, what).into_iter().for_each(&arrived);
        no_place.set(Some(what).filter(|what| *what != Asked::Sent));
        sending.set(false);
        state.model.update(|model| drop(model.asked.remove(&room)));
    });
    let waiting = move || own.with(|own| own.iter().filter(|(_, it)| *it == QuestionState::Waiting).count());
    let many = move || waiting() >= WAITING_MAX;
    let stands = move |(question, stands): (String, QuestionState)| {
        let text = match stands {
            QuestionState::Waiting => words.stage_question_waits(&question),
            QuestionState::Refused => words.stage_question_refused(&question),
            QuestionState::Shown | QuestionState::Answered => return None,
        };
        Some(view! { <p class="small" data-test="own-question">{text}</p> })
    };
    view! {
        <form class="ask" autocomplete="off" on:submit=move |event: SubmitEvent| {
            event.prevent_default();
            send(false);
        }>
            <div role="status">
                {move || asking.get().map(|found| {
                    let again = again.clone();
                    view! { <p class="note" data-test="hint">{hint_text(state, found)}" "{words.hint_ask()}" "
                        {button("plain", "hint-send", words.hint_send(), move |_| again(true))}</p> }
                })}
                {move || sending.get().then(|| view! { <p class="small" data-test="asking">{words.sending()}</p> })}
                {move || no_place.get().map(|what| {
                    let text = if what == Asked::NotSent { words.stage_not_sent() } else { words.stage_no_place() };
                    view! { <p class="note" data-test="no-place">{text}</p> }
                })}
                {move || many().then(|| view! { <p class="small">{words.stage_many()}</p> })}
                {move || own.get().into_iter().filter_map(stands).collect_view()}
            </div>
            <label class="field">{words.stage_ask()}
                <textarea rows="2" dir="auto" placeholder=" " maxlength="280" autocomplete="off" spellcheck="false" data-test="ask" prop:value=text
                    on:input:target=move |event| keep(event.target().value())></textarea></label>
            <p><button type="submit" data-test="ask-go" disabled=move || many() || sending.get()>{words.stage_ask_go()}</button></p>
        </form>
    }
}

#[component]
fn Statements(room: RoomId, leads: bool) -> impl IntoView {
    let state = state();
    let words = state.words;
    let statements = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| model.stage(&room).statements))
    };
    let some = Memo::new(move |_| statements.with(|it| !it.is_empty()));
    let row = move |statement: StatementView| {
        let (room, id) = (room.clone(), statement.id.clone());
        let now = {
            let id = id.clone();
            Memo::new(move |_| statements.with(|it| it.iter().find(|it| it.id == id).cloned()))
        };
        let closed = Memo::new(move |_| now.get().filter(|it| it.totals.is_some()));
        let votes = Memo::new(move |_| now.with(|it| it.as_ref().map_or(0, |it| u64::from(it.votes))));
        let yours = Memo::new(move |_| now.with(|it| it.as_ref().and_then(|it| it.yours)));
        let below = move || match closed.get().and_then(|it| Some((percent(&it)?, it))) {
            Some((parts, it)) => bars(words, &it, parts).into_any(),
            None if leads => {
                let (room, id) = (room.clone(), id.clone());
                view! { <p class="buttons">{button("", "statement-close", words.stage_close(), move |_| act(&room, Act::Close(id.clone())))}</p> }
                .into_any()
            }
            None => vote(words, &room, &id, yours).into_any(),
        };
        view! {
            <li data-test="statement"><div><p class="name" dir="auto">{statement.text}</p>
                <p class="small" data-test="statement-votes">{move || words.stage_votes(votes.get())}</p>
                {below}</div></li>
        }
    };
    view! {
        <div role="status">{move || some.get().then(|| view! { <h2>{words.stage_statements()}</h2> })}</div>
        <ul class="work"><For each=move || statements.get() key=|it| it.id.clone() children=row/></ul>
    }
}

fn choices(words: Words) -> [(Choice, &'static str); 3] {
    [
        (Choice::Agree, words.stage_agree()),
        (Choice::Neither, words.stage_neither()),
        (Choice::Disagree, words.stage_disagree()),
    ]
}

fn vote(words: Words, room: &RoomId, statement: &str, yours: Memo<Option<Choice>>) -> impl IntoView + use<> {
    let button = |(choice, label): (Choice, &'static str)| {
        let (room, id) = (room.clone(), statement.to_owned());
        let pressed = move || (yours.get() == Some(choice)).to_string();
        view! {
            <button type="button" data-test="vote" aria-pressed=pressed
                on:click=move |_| act(&room, Act::Vote(id.clone(), choice))>{label}</button>
        }
    };
    view! { <p class="buttons">{choices(words).map(button)}</p> }
}

// As bars and as text.
fn bars(words: Words, statement: &StatementView, parts: [u32; 3]) -> impl IntoView + use<> {
    let totals = statement.totals.unwrap_or_default();
    let bar = |((_, label), (total, part)): ((Choice, &'static str), (u32, u32))| {
        let text = words.stage_part(u64::from(total), label, u64::from(part));
        view! { <li><span data-test="result">{text}</span><progress max="100" value=part aria-label=label></progress></li> }
    };
    let parts = totals.into_iter().zip(parts);
    let bars = choices(words).into_iter().zip(parts).map(bar).collect_view();
    view! { <ul class="bars">{bars}</ul> }
}

#[component]
fn Put(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    // One at a time.
    let open = {
        let room = room.clone();
        Memo::new(move |_| {
            state.model.with(|model| model.stage(&room).statements.iter().any(|it| it.totals.is_none()))
        })
    };
    let text = RwSignal::new(String::new());
    let put = move |event: SubmitEvent| {
        event.prevent_default();
        let statement = text.get_untracked().trim().to_owned();
        if !statement.is_empty() {
            act(&room, Act::Put(statement));
            text.set(String::new());
        }
    };
    view! {
        <form autocomplete="off" on:submit=put>
            <label class="field">{words.stage_new_statement()}
                <textarea rows="2" dir="auto" placeholder=" " autocomplete="off" maxlength="280" data-test="statement-text" prop:value=text
                    on:input:target=move |event| text.set(event.target().value())></textarea></label>
            <p><button type="submit" data-test="statement-put" disabled=open>{words.stage_put()}</button></p>
        </form>
    }
}

/// To be copied and kept: no name is in it.
#[component]
fn Result(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let text = move || {
        let stage = state.model.with(|model| model.stage(&room));
        let labels =
            Labels { choices: choices(words).map(|(_, label)| label), questions: words.stage_questions() };
        let theme = state.model.with(|model| model.workshop(&room).map(|it| it.theme.clone()));
        result(&theme.unwrap_or_default(), &stage, labels)
    };
    view! {
        <details><summary>{words.stage_result()}</summary>
            <p class="small">{words.stage_result_about()}</p>
            <textarea rows="10" readonly=true dir="auto" aria-label=words.stage_result() data-test="stage-result" prop:value=text></textarea></details>
    }
}
