//! Words that mean something else: her helpers see what she means, her own screen shows nothing, and the relay sees the
//! frames that it always sees.

use lotgenoot_client::Identity;
use lotgenoot_client::messages::{
    CallState, CallView, CodeFault, CodeMeaning, CodeWord, Command, Intake, Kind, Wants, spoken,
};
use lotgenoot_protocol::role::Role as Certified;
use lotgenoot_tests::organisation::{Organisation, SERVICE, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Tap};

const HELP: &str = "heb je nog een recept voor appeltaart";
const ORDINARY: &str = "heb je nog een recept voor pannenkoek";
const NOTE: &str = "Bel de politie. Ik ben thuis.";

#[tokio::test(flavor = "multi_thread")]
async fn typed_in_a_line_it_raises_a_call_her_screen_says_nothing_of_and_the_relay_sees_what_it_always_sees()
{
    let organisation = Organisation::new(now());
    let (noor, roos) = (
        organisation.certify("Noor", Certified::Professional),
        organisation.certify("Roos", Certified::Host),
    );
    let relay = TestRelay::start(&organisation.roster_file(&[&noor, &roos], &[])).await;
    let (mut noor, mut roos) =
        (Robot::start(noor.identity(), relay.address()), Robot::start(roos.identity(), relay.address()));
    noor.sees("her desk", |screen| screen.services.contains(&SERVICE.to_owned()).then_some(())).await;
    roos.online().await;

    // Two people who type as many letters; for one of them they mean something.
    let taps = [Tap::default(), Tap::default()];
    let mut both = Vec::new();
    for tap in &taps {
        let identity = Identity::person(organisation.root(), rand::random());
        let mut person = Robot::tapped(identity, relay.address(), tap.clone());
        let line = person.enters("Merel").await;
        both.push((person, line));
    }
    let (mut plain, plain_line) = both.pop().expect("two");
    let (mut her, line) = both.pop().expect("two");
    agrees(&her, "appeltaart");
    her.sees("that they are kept", |screen| {
        screen.code_words.agreed.contains(&CodeMeaning::SendHelp).then_some(())
    })
    .await;
    her.says(&line, HELP).await;
    plain.says(&plain_line, ORDINARY).await;
    roos.reads(&line, HELP).await;

    // It can be read before anybody answers.
    let ringing = noor.call("a call that rings", |call| rings(call) && call.intake.is_some()).await;
    let intake = ringing.intake.expect("it is there");
    assert!(intake.silent);
    assert_eq!(intake.wants, NOTE);
    let raised = her.call("a call that does not show itself", |call| call.own).await;
    assert!(raised.silent);
    assert!(her.screen.failures.is_empty());

    plain.act(Command::Raise {
        service: SERVICE.to_owned(),
        intake: Box::new(Intake {
            nickname: "Merel".to_owned(),
            wants: "Hallo".to_owned(),
            ..Intake::default()
        }),
    });
    plain.call("stored", |call| call.own && call.state == CallState::Stored).await;
    let sizes = |of: fn(&Tap) -> Vec<usize>| [of(&taps[0]), of(&taps[1])];
    let [hers, theirs] = sizes(|tap| tap.sends.lock().unwrap().clone());
    assert_eq!(hers.last(), theirs.last(), "the words");
    let [hers, theirs] = sizes(|tap| tap.raises.lock().unwrap().clone());
    assert_eq!((hers.len(), hers), (1, theirs), "and the call");

    // Typed again while nobody has answered, it is one call still.
    her.says(&line, HELP).await;
    noor.act(Command::Acknowledge { call: ringing.call.clone() });
    let room = noor.room(Kind::Help, 2).await;
    noor.says(&room, "Wat een lekker recept.").await;
    her.call("active", |call| matches!(call.state, CallState::Active(_))).await;
    assert_eq!(her.look().calls.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_call_her_helper_hears_what_she_means_and_new_words_take_the_place_of_old_ones() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Certified::Professional);
    let relay = TestRelay::start(&organisation.roster_file(&[&noor], &[])).await;
    let mut noor = Robot::start(noor.identity(), relay.address());
    noor.sees("her desk", |screen| screen.services.contains(&SERVICE.to_owned()).then_some(())).await;
    let mut her = Robot::person(organisation.root(), relay.address());
    her.sees("somebody is on duty", |screen| screen.services.contains(&SERVICE.to_owned()).then_some(()))
        .await;
    her.raises(SERVICE, "Ik wil praten");
    let call = noor.call("a call that rings", rings).await.call;
    noor.act(Command::Acknowledge { call: call.clone() });
    let room = noor.room(Kind::Help, 2).await;
    noor.says(&room, "Ik ben Noor.").await;

    agrees(&her, "appeltaart");
    let heard = |text: &'static str| {
        move |call: &CallView| call.intake.as_ref().and_then(|intake| spoken(&intake.code_words, text))
    };
    let is = |text, meaning| move |call: &CallView| heard(text)(call) == meaning;
    noor.call("what it means", is("Mijn Regenjas!", Some(CodeMeaning::Stop))).await;
    her.says(&room, "waar is mijn regenjas").await;
    noor.reads(&room, "waar is mijn regenjas").await;

    let short = vec![CodeWord { meaning: CodeMeaning::Stop, word: "ja".to_owned() }];
    her.act(Command::AgreeCodeWords { words: short, note: String::new(), service: SERVICE.to_owned() });
    her.sees("why not", |screen| (screen.code_words.fault == Some(CodeFault::TooShort)).then_some(())).await;
    assert_eq!(her.screen.code_words.agreed.len(), 2, "those that were there stay");

    her.act(Command::AgreeCodeWords { words: Vec::new(), note: String::new(), service: String::new() });
    noor.call("that it means nothing", is("Mijn regenjas", None)).await;
}

fn agrees(her: &Robot, help: &str) {
    let word = |meaning, word: &str| CodeWord { meaning, word: word.to_owned() };
    let words = vec![word(CodeMeaning::SendHelp, help), word(CodeMeaning::Stop, "regenjas")];
    her.act(Command::AgreeCodeWords { words, note: NOTE.to_owned(), service: SERVICE.to_owned() });
}

fn rings(call: &CallView) -> bool {
    call.state == CallState::WantsYou { key_on_its_way: false, what: Wants::Call }
}
