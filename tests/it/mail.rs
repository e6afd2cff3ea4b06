//! Pages by mail, through a mail server that somebody else has made: one that takes them, one that wants to be asked later,
//! one that knows nobody, and one that never answers.

use std::collections::BTreeMap;

use lotgenoot::config::Paging;
use lotgenoot_client::messages::{ChannelWish, Command, Health, Way};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, SERVICE, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::Robot;

use super::node::Node;

const WORDS: &str = "hij heeft mijn paspoort en ik weet niet waarheen";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_by_mail_is_one_line_without_a_word_of_hers_and_a_repeat_is_the_same_mail() {
    let mut server = MailServer::start().await;
    let organisation = Organisation::new(now());
    let aliases = ["fine", "later", "never", "hang", "blocked"];
    let staff: Vec<_> = aliases.iter().map(|alias| organisation.certify(alias, Role::Professional)).collect();
    let url = format!("smtp://127.0.0.1:{}", server.port);
    let paging = |_: &std::path::Path| Paging {
        mail: Some(url),
        mail_from: Some("piket@example.org".to_owned()),
        ..Paging::default()
    };
    let everybody: Vec<_> = staff.iter().collect();
    let relay = TestRelay::start_paging(&organisation.roster_file(&everybody, &[1; 5]), paging).await;
    for (alias, staff) in aliases.iter().zip(&staff) {
        let mut robot = Robot::start(staff.identity(), relay.address());
        robot.online().await;
        robot.act(Command::Channel(ChannelWish::Add(Way::Mail(format!("{alias}@example.org")))));
        let hers =
            robot.sees("her channel", |screen| screen.channels.as_ref()?.channels.first().cloned()).await;
        if *alias == "fine" {
            // She has sent herself an exercise, and got it.
            robot.act(Command::Channel(ChannelWish::Test));
            assert_eq!(server.next().await.body(), "Er wacht een oproep. Open de app.");
            while !matches!(health(&mut robot).await, Health::Works(_)) {
                robot.act(Command::Channel(ChannelWish::Confirm(hers.id.clone())));
                robot.notices().await;
            }
        }
    }
    let mut person = Robot::person(organisation.root(), relay.address());
    let open =
        |screen: &lotgenoot_tests::robot::Screen| screen.services.contains(&SERVICE.to_owned()).then_some(());
    person.sees("somebody is on duty", open).await;
    person.raises(SERVICE, WORDS);

    let mut mails: BTreeMap<String, Vec<Mail>> = BTreeMap::new();
    let enough = |mails: &BTreeMap<String, Vec<Mail>>| {
        let times = |alias: &str| mails.get(&format!("{alias}@example.org")).map_or(0, Vec::len);
        times("fine") == 1
            && times("never") == 1
            && times("later") == 3
            && times("hang") == 2
            && times("blocked") == 1
    };
    while !enough(&mails) {
        let mail = server.next().await;
        mails.entry(mail.to.clone()).or_default().push(mail);
    }
    for (to, mails) in &mails {
        for mail in mails {
            assert_eq!(mail.from, "piket@example.org");
            assert_eq!(mail.header("Subject"), "Piketbericht");
            assert_eq!(
                mail.header("Message-ID"),
                mails[0].header("Message-ID"),
                "{to}: a repeat is the same mail"
            );
            assert_eq!(mail.body(), "Er wacht een oproep. Open de app.");
            assert!(!mail.text.contains("paspoort") && !mail.text.contains(SERVICE), "{}", mail.text);
        }
    }
    let mut healths = Vec::new();
    for staff in &staff {
        let mut robot = Robot::start(staff.identity(), relay.address());
        robot.online().await;
        healths.push(health(&mut robot).await);
    }
    assert!(matches!(healths[0], Health::Works(_)), "{healths:?}");
    assert!(matches!(healths[1], Health::Untried), "taken in the end, and nobody knows more: {healths:?}");
    assert!(matches!(healths[2], Health::Dead(_)), "there is no such mailbox: {healths:?}");
    assert!(matches!(healths[4], Health::Failing(_)), "what is wrong with us is not wrong with her address");
}

async fn health(robot: &mut Robot) -> Health {
    robot.screen.channels = None;
    robot.act(Command::Channel(ChannelWish::See));
    robot.sees("her channel", |screen| Some(screen.channels.as_ref()?.channels.first()?.health)).await
}

struct Mail {
    to: String,
    from: String,
    text: String,
}

impl Mail {
    fn header(&self, name: &str) -> &str {
        let mut lines = self.text.lines().take_while(|line| !line.is_empty());
        lines
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .unwrap_or_else(|| panic!("no {name}"))
    }

    fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").expect("headers and a body").1.trim()
    }
}

struct MailServer {
    node: Node,
    port: u16,
}

impl MailServer {
    async fn start() -> Self {
        let mut node = Node::start("mail.mjs");
        let port = node.next().await.as_u64().and_then(|port| u16::try_from(port).ok());
        Self { node, port: port.expect("a port") }
    }

    async fn next(&mut self) -> Mail {
        let said = self.node.next().await;
        let text = |name: &str| said[name].as_str().expect("text").to_owned();
        Mail { to: text("to"), from: text("from"), text: text("text") }
    }
}
