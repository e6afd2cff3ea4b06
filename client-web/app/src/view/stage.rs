//! A workshop: for those who come, and for who leads it.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{Act, Choice, Command, QuestionState, QuestionView, RoomId, StatementView};

use super::Title;
use super::floor::{ToGroup, ToLine};
use super::talk::{Talk, hint_text};
use crate::bridge;
use crate::hint::{Hint, hint};
use crate::model::stage::{Labels, percent, result, shown};
use crate::screen::Step;
use crate::state::{State, state};
use crate::words::Words;

/// So many questions of one person may wait.
const WAITING_MAX: usize = 3;

/// For whoever comes.
#[component]
pub(crate) fn Stage(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let leave = Command::Leave { room: room.clone() };
    view! {
        <section class="room stage" data-test="stage">
            <div class="room-head"><Title text=words.stage_title().to_owned()/><Count room=room.clone()/></div>
            <p class="small">{words.stage_lead()}</p>
            <Agenda room=room.clone()/>
            <Talk room=room.clone() silent=true/>
            <Statements room=room.clone() leads=false/>
            <Questions room=room.clone()/>
            <Ask room/>
            <p class="room-foot"><ToLine/><ToGroup/>
                <button type="button" class="help" data-test="raise" on:click=move |_| state.go(Step::Intake)>{words.choose_professional()}</button>
                <button type="button" class="plain" data-test="leave" on:click=move |_| bridge::send(&leave)>{words.leave()}</button></p>
        </section>
    }
}

/// For who leads it.
#[component]
pub(crate) fn Lead(room: RoomId) -> impl IntoView {
    let words = state().words;
    let leave = Command::Leave { room: room.clone() };
    view! {
        <section class="room stage" data-test="stage">
            <div class="room-head"><h2>{words.stage_title()}</h2><Count room=room.clone()/></div>
            <Agenda room=room.clone()/>
            <SetAgenda room=room.clone()/>
            <Talk room=room.clone()/>
            <Waiting room=room.clone()/>
            <Questions room=room.clone()/>
            <Statements room=room.clone() leads=true/>
            <Put room=room.clone()/>
            <Result room/>
            <p class="room-foot"><button type="button" class="plain" data-test="leave" on:click=move |_| bridge::send(&leave)>
                {words.leave()}</button></p>
        </section>
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
        let items = items.get().into_iter().map(|item| view! { <li dir="auto">{item}</li> });
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
                    <textarea rows="4" dir="auto" autocomplete="off" data-test="agenda-lines" prop:value=text
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
                (!leads && !answered.get()).then(|| view! {
                <button type="button" data-test="upvote" aria-pressed=move || upvoted.get().to_string()
                    on:click=move |_| press()>{words.stage_upvote()}</button>
            })
            };
        let moderate = move || {
            let states = [QuestionState::Answered, QuestionState::Refused];
            (leads && !answered.get()).then(|| moderation(words, &room, &id, &states))
        };
        view! {
            <li data-test="question"><div>
                <p dir="auto" translate="no">{question.text}</p>
                <p class="small">{counted}{move || answered.get().then(|| format!(" {}", words.stage_answered()))}</p>
                <p class="buttons">{upvote}{moderate}</p></div></li>
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
        view! {
            <li data-test="question-waiting"><div><p dir="auto" translate="no">{question.text}</p>
                <p class="buttons">{buttons}</p></div></li>
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
            let waits = questions.into_iter().filter(|it| it.yours && it.state == QuestionState::Waiting);
            waits.map(|it| it.text).collect::<Vec<_>>()
        })
    };
    let sending = RwSignal::new(None::<String>);
    let send = move |anyway: bool| {
        let question = text.get_untracked().trim().to_owned();
        let found = hint(&question).filter(|_| !anyway);
        asking.set(found);
        if found.is_none() && !question.is_empty() {
            act(&room, Act::Ask(question.clone()));
            sending.set(Some(question));
        }
    };
    let again = send.clone();
    let arrived = keep.clone();
    Effect::new(move |_| {
        let there =
            sending.get().filter(|question| own.with(|own| own.iter().any(|it| question.starts_with(it))));
        if there.is_some() {
            sending.set(None);
            arrived(String::new());
        }
    });
    let many = move || own.with(|own| own.len() >= WAITING_MAX);
    view! {
        <form class="ask" autocomplete="off" on:submit=move |event: SubmitEvent| {
            event.prevent_default();
            send(false);
        }>
            <div role="status">
                {move || asking.get().map(|found| {
                    let again = again.clone();
                    view! { <p class="note" data-test="hint">{hint_text(state, found)}" "{words.hint_ask()}" "
                        <button type="button" class="plain" data-test="hint-send" on:click=move |_| again(true)>{words.hint_send()}</button></p> }
                })}
                {move || sending.get().map(|_| view! { <p class="small" data-test="asking">{words.sending()}</p> })}
                {move || many().then(|| view! { <p class="small">{words.stage_many()}</p> })}
                {move || own.get().into_iter().map(|question| view! {
                    <p class="small" data-test="own-question">{words.stage_question_waits(&question)}</p> }).collect_view()}
            </div>
            <label class="field">{words.stage_ask()}
                <textarea rows="2" dir="auto" maxlength="280" autocomplete="off" spellcheck="false" data-test="ask" prop:value=text
                    on:input:target=move |event| keep(event.target().value())></textarea></label>
            <p><button type="submit" data-test="ask-go" disabled=move || many() || sending.get().is_some()>{words.stage_ask_go()}</button></p>
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
                view! { <p class="buttons"><button type="button" data-test="statement-close"
                on:click=move |_| act(&room, Act::Close(id.clone()))>{words.stage_close()}</button></p> }
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
                <textarea rows="2" dir="auto" autocomplete="off" maxlength="280" data-test="statement-text" prop:value=text
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
        result(&theme(state), &stage, labels)
    };
    view! {
        <details><summary>{words.stage_result()}</summary>
            <p class="small">{words.stage_result_about()}</p>
            <textarea rows="10" readonly=true dir="auto" aria-label=words.stage_result() data-test="stage-result" prop:value=text></textarea></details>
    }
}

// Of the workshop that is open now.
fn theme(state: State) -> String {
    let now = state.now_ms.get();
    let open = state.model.with(|model| model.ahead(now).find(|it| it.workshop && it.open));
    open.map(|it| it.theme).unwrap_or_default()
}
