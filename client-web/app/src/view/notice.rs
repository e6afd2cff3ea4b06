//! What goes wrong, in words, where a screen reader says it too.

use leptos::prelude::*;
use lotgenoot_messages::{Connection, Failure, Gone};

use super::button::button;
use crate::model::Notice;
use crate::state::state;
use crate::words::Words;

/// The link with the relay, and the last thing that did not go as she wanted. There before it says anything.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let state = state();
    let words = state.words;
    let connection = Memo::new(move |_| state.model.with(|model| model.connection));
    let notice = Memo::new(move |_| state.model.with(|model| model.notice));
    view! {
        <div class="notices" role="status" data-test="status">
            {move || connection_text(words, connection.get())
                .map(|text| view! { <p class="note" data-test="connection">{text}</p> })}
            {move || notice.get().map(|notice| view! {
                <p class="note" data-test="notice">
                    {notice_text(words, notice)}
                    {button("plain", "notice-close", words.close_notice(), move |_| state.model.update(|model| model.notice = None))}
                </p>
            })}
        </div>
    }
}

fn connection_text(words: Words, connection: Option<Connection>) -> Option<&'static str> {
    match connection {
        None | Some(Connection::Online | Connection::Elsewhere) => None,
        Some(Connection::Connecting) => Some(words.connecting()),
        Some(Connection::Lost) => Some(words.connection_lost()),
        Some(Connection::Degraded) => Some(words.connection_degraded()),
        Some(Connection::Refused) => Some(words.connection_refused()),
    }
}

fn notice_text(words: Words, notice: Notice) -> &'static str {
    match notice {
        Notice::Failed(Failure::NoHosts) => words.failed_no_hosts(),
        Notice::Failed(Failure::Admit) => words.failed_admit(),
        Notice::Failed(Failure::OpenRoom) => words.failed_open_room(),
        Notice::Failed(Failure::NotAttended) => words.failed_not_attended(),
        Notice::Failed(Failure::AlreadyTaken) => words.failed_already_taken(),
        Notice::Failed(Failure::CallGone) => words.failed_call_gone(),
        Notice::Failed(Failure::NotKept) => words.failed_not_kept(),
        Notice::Failed(Failure::Damaged) => words.failed_damaged(),
        Notice::Failed(Failure::Plan) => words.failed_plan(),
        Notice::Failed(Failure::NoStage) => words.failed_no_stage(),
        Notice::Failed(Failure::Letter) => words.failed_letter(),
        Notice::Failed(Failure::Office) => words.failed_office(),
        Notice::Failed(Failure::Channel) => words.failed_channel(),
        Notice::Failed(Failure::AgreementsFull) => words.failed_agreements_full(),
        Notice::Failed(Failure::AgreementLong) => words.failed_agreement_long(),
        Notice::Failed(Failure::AgreementEmpty) => words.failed_agreement_empty(),
        Notice::Failed(Failure::Outcome) => words.failed_outcome(),
        Notice::Failed(Failure::Other) => words.failed_other(),
        Notice::WentAway => words.went_away(),
        Notice::Gone(Gone::Left) => words.gone_left(),
        Notice::Gone(Gone::Removed) => words.gone_removed(),
        Notice::Gone(Gone::Over) => words.gone_over(),
        Notice::Gone(Gone::NotJoined) => words.gone_not_joined(),
    }
}
