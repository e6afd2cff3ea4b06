//! What is open now and next, written into the entry page: it is read before any script, and without one.
//!
//! The words stand in the page itself, in a comment where the text goes: one `key: value` on a line. Whoever changes what
//! people read changes a page, and no code.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use lotgenoot_core::duty::HOSTS;
use lotgenoot_protocol::Timestamp;
use lotgenoot_protocol::calendar::{Calendar, PlannedSession};
use lotgenoot_protocol::frame::Pong;
use lotgenoot_protocol::own_lines::OwnLine;

use crate::store::Broken;

const BEGIN: &str = "<!--now\n";
const LINES: &str = "<!--lines\n";
const END: &str = "-->";
const LINE_KEYS: [&str; 3] = ["lines-title", "lines-checked", "lines-acts"];
const KEYS: [&str; 11] = [
    "hosts",
    "no-hosts",
    "services",
    "no-services",
    "and",
    "open-now",
    "next",
    "weekdays",
    "months",
    "wijkteam",
    "veilig-thuis",
];

/// A page with a place for what is open now.
#[derive(Debug)]
pub struct NowPage {
    before: String,
    // From what is open now to the organisation's own numbers, if the page has a place for them.
    between: String,
    after: Option<String>,
    words: BTreeMap<String, String>,
}

impl NowPage {
    /// The page in `html`; `None` if it has no place for what is open now.
    ///
    /// An error names the key that is missing, or the line that cannot be read.
    pub fn read(html: &str) -> Result<Option<Self>, Broken> {
        let Some((before, rest)) = html.split_once(BEGIN) else { return Ok(None) };
        let mut words = BTreeMap::new();
        let between = words_of(rest, &mut words)?;
        let (between, after) = match between.split_once(LINES) {
            Some((between, rest)) => (between, Some(words_of(rest, &mut words)?)),
            None => (between, None),
        };
        if let Some(missing) = LINE_KEYS.iter().find(|key| after.is_some() && !words.contains_key(**key)) {
            return Err(Broken::new(format!("the entry page lacks words for {missing}")));
        }
        let [before, between] = [before, between].map(str::to_owned);
        let after = after.map(str::to_owned);
        if let Some(missing) = KEYS.iter().find(|key| !words.contains_key(**key)) {
            return Err(Broken::new(format!("the entry page lacks words for {missing}")));
        }
        let and = words.get("and").map_or("", String::as_str);
        if !and.contains("{others}") || !and.contains("{last}") {
            return Err(Broken::new("the entry page: `and` must name {others} and {last}"));
        }
        for (list, count) in [("weekdays", 7), ("months", 12)] {
            if words.get(list).map_or(0, |list| list.split(' ').count()) != count {
                return Err(Broken::new(format!("the entry page: {list} must name {count}")));
            }
        }
        Ok(Some(Self { before, between, after, words }))
    }

    /// The page as it is at this moment. Of what is planned the next three are named.
    pub fn render(&self, open: &Pong, calendar: Option<&Calendar>, zone: &TimeZone) -> String {
        let hosts = open.open.iter().any(|service| service == HOSTS);
        let services: Vec<&String> = open.open.iter().filter(|service| *service != HOSTS).collect();
        let mut text = line("open", "closed", hosts, self.word(if hosts { "hosts" } else { "no-hosts" }));
        let said = if services.is_empty() {
            self.word("no-services").to_owned()
        } else {
            let names: Vec<&str> =
                services.iter().map(|it| self.words.get(*it).unwrap_or(it).as_str()).collect();
            self.word("services").replace("{services}", &self.listed(&names))
        };
        text += &line("open", "closed", !services.is_empty(), &said);
        let ahead = calendar.into_iter().flat_map(|calendar| calendar.ahead(open.now)).take(3);
        for session in ahead {
            let said = self.planned(session, open.sessions.contains(&session.id), zone);
            text += &line("small", "small", true, &said);
        }
        let page = format!("{}<div id=\"open-served\">{text}</div>{}", self.before, self.between);
        let Some(after) = &self.after else { return page };
        let own = calendar.and_then(|calendar| calendar.lines.as_ref());
        let own = own.map(|own| self.own_lines(&own.lines, zone)).unwrap_or_default();
        page + &own + after
    }

    // What a coordinator has listed, in its own language.
    fn own_lines(&self, lines: &[OwnLine], zone: &TimeZone) -> String {
        if lines.is_empty() {
            return String::new();
        }
        let row = |line: &OwnLine| {
            let (number, tel) = (escaped(&line.number), escaped(&line.tel()));
            let acts =
                if line.acts { format!(" {}", escaped(self.word("lines-acts"))) } else { String::new() };
            let (month, year) = self.month(line.checked, zone);
            let checked = self.word("lines-checked").replace("{month}", &month).replace("{year}", &year);
            format!(
                "<li><a href=\"tel:{tel}\" class=\"number\" dir=\"ltr\">{number}</a>\
                 <p lang=\"{}\" dir=\"auto\"><strong>{}</strong> {}{acts} <span class=\"small\">{checked}</span></p></li>",
                escaped(&line.language),
                escaped(&line.about),
                escaped(&line.happens)
            )
        };
        let rows: String = lines.iter().map(row).collect();
        let title = escaped(self.word("lines-title"));
        format!(
            "<section class=\"card own-lines\" data-test=\"own-lines\"><h2>{title}</h2><ul class=\"lines\">{rows}</ul></section>"
        )
    }

    fn month(&self, at: Timestamp, zone: &TimeZone) -> (String, String) {
        let at = i64::try_from(at.0).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        let Some(at) = at.map(|at| at.to_zoned(zone.clone())) else { return Default::default() };
        let nth = usize::try_from(at.month() - 1).unwrap_or_default();
        let month = self.word("months").split(' ').nth(nth).unwrap_or_default();
        (month.to_owned(), at.year().to_string())
    }

    fn planned(&self, session: &PlannedSession, is_open: bool, zone: &TimeZone) -> String {
        let said = self.word(if is_open { "open-now" } else { "next" });
        let begins = self.moment(session.begins_at, zone);
        let ends = self.moment(session.ends_at(), zone);
        said.replace("{day}", &begins.0)
            .replace("{time}", &begins.1)
            .replace("{until}", &ends.1)
            .replace("{theme}", &session.theme)
    }

    // The day, and the time of day.
    fn moment(&self, at: Timestamp, zone: &TimeZone) -> (String, String) {
        let at = i64::try_from(at.0).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        let Some(at) = at.map(|at| at.to_zoned(zone.clone())) else { return Default::default() };
        let nth = |list: &str, at: usize| self.word(list).split(' ').nth(at).unwrap_or_default().to_owned();
        let weekday =
            nth("weekdays", usize::try_from(at.weekday().to_sunday_zero_offset()).unwrap_or_default());
        let month = nth("months", usize::try_from(at.month() - 1).unwrap_or_default());
        (format!("{weekday} {} {month}", at.day()), format!("{:02}:{:02}", at.hour(), at.minute()))
    }

    fn listed(&self, names: &[&str]) -> String {
        match names.split_last() {
            Some((last, others)) if !others.is_empty() => {
                let comma = self.words.get("comma").map_or(",", String::as_str);
                let others = others.join(&format!("{comma} "));
                self.word("and").replace("{others}", &others).replace("{last}", last)
            }
            _ => names.concat(),
        }
    }

    fn word(&self, key: &str) -> &str {
        self.words.get(key).map_or("", String::as_str)
    }
}

// The words in a comment, one `key: value` on a line; what follows it.
fn words_of<'a>(comment: &'a str, words: &mut BTreeMap<String, String>) -> Result<&'a str, Broken> {
    let Some((lines, after)) = comment.split_once(END) else {
        return Err(Broken::new("the entry page: a comment with words does not end"));
    };
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some((key, value)) = line.split_once(": ") else {
            return Err(Broken::new(format!("the entry page: “{line}” is no `key: value`")));
        };
        words.insert(key.to_owned(), value.to_owned());
    }
    Ok(after)
}

fn line(yes: &str, no: &str, is_so: bool, text: &str) -> String {
    format!("<p class=\"{}\">{}</p>", if is_so { yes } else { no }, escaped(text))
}

// What a coordinator typed is text, whatever it looks like.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotgenoot_protocol::own_lines::OwnLines;
    use lotgenoot_protocol::{Blob, LineId, SessionId};

    const PAGE: &str = "<main><!--now
hosts: Er is een begeleider.
no-hosts: Er is geen begeleider.
services: Van dienst: {services}.
no-services: Niemand van dienst.
and: {others} en {last}
open-now: Nu open: {theme}, tot {until}.
next: Straks: {day} om {time}, {theme}.
weekdays: zondag maandag dinsdag woensdag donderdag vrijdag zaterdag
months: januari februari maart april mei juni juli augustus september oktober november december
wijkteam: wijkteam
veilig-thuis: Veilig Thuis
--><!--lines
lines-title: In de buurt
lines-checked: Nagekeken: {month} {year}.
lines-acts: Zij kunnen zelf iets doen.
--></main>";

    fn amsterdam() -> TimeZone {
        TimeZone::get("Europe/Amsterdam").unwrap()
    }

    fn rendered(open: &[&str], sessions: &[(u64, &str)], running: &[u8]) -> String {
        with_lines(open, sessions, running, None)
    }

    fn with_lines(
        open: &[&str],
        sessions: &[(u64, &str)],
        running: &[u8],
        lines: Option<OwnLines>,
    ) -> String {
        let planned = |(at, theme): &(u64, &str)| PlannedSession {
            id: SessionId([(*at % 251) as u8; 16]),
            begins_at: Timestamp(*at),
            minutes: 90,
            theme: (*theme).to_owned(),
            hosts: vec!["Roos".to_owned()],
            size: 10,
            language: "nl".to_owned(),
            by_invitation: false,
            workshop: None,
        };
        let sessions: Vec<_> = sessions.iter().map(planned).collect();
        let calendar =
            Calendar { number: 1, sessions, issuer: Blob(Vec::new()), signature: Blob(Vec::new()), lines };
        let open = Pong {
            now: Timestamp(1_795_000_000_000),
            open: open.iter().map(|it| (*it).to_owned()).collect(),
            calendar: 1,
            sessions: running.iter().map(|it| SessionId([*it; 16])).collect(),
            services: Vec::new(),
        };
        NowPage::read(PAGE).unwrap().unwrap().render(&open, Some(&calendar), &amsterdam())
    }

    #[test]
    fn it_says_who_is_there_and_what_comes_in_the_time_of_the_organisation() {
        // 27 November 2026, 19:00 UTC.
        let page =
            rendered(&["begeleider", "veilig-thuis", "wijkteam"], &[(1_795_806_000_000, "Slapen")], &[]);
        assert!(page.starts_with("<main><div id=\"open-served\">") && page.ends_with("</div></main>"));
        for said in [
            "<p class=\"open\">Er is een begeleider.</p>",
            "<p class=\"open\">Van dienst: Veilig Thuis en wijkteam.</p>",
            "<p class=\"small\">Straks: vrijdag 27 november om 20:00, Slapen.</p>",
        ] {
            assert!(page.contains(said), "{page}");
        }
    }

    #[test]
    fn numbers_of_its_own_stand_there_with_their_month_and_what_was_typed_stays_text() {
        let line = OwnLine {
            id: LineId([1; 16]),
            number: "078-770 84 00".to_owned(),
            about: "Wijkteam <Noord>".to_owned(),
            happens: "Iemand neemt op.".to_owned(),
            acts: true,
            language: "nl".to_owned(),
            checked: Timestamp(1_795_806_000_000),
        };
        let lines = OwnLines { lines: vec![line], checks: Vec::new() };
        let page = with_lines(&[], &[], &[], Some(lines));
        for said in [
            "<h2>In de buurt</h2>",
            "<a href=\"tel:0787708400\" class=\"number\" dir=\"ltr\">078-770 84 00</a>",
            "<strong>Wijkteam &lt;Noord&gt;</strong> Iemand neemt op. Zij kunnen zelf iets doen.",
            "Nagekeken: november 2026.",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(!rendered(&[], &[], &[]).contains("In de buurt"));
    }

    #[test]
    fn in_summer_the_clock_is_an_hour_further() {
        // 3 July 2027, 18:00 UTC.
        assert!(rendered(&[], &[(1_814_637_600_000, "Slapen")], &[]).contains("3 juli om 20:00"));
    }

    #[test]
    fn what_is_open_says_until_when_and_what_was_typed_stays_text() {
        let begun = 1_794_999_000_000_u64;
        let page = rendered(&[], &[(begun, "<b>Slapen</b> & waken")], &[(begun % 251) as u8]);
        assert!(page.contains("Nu open: &lt;b&gt;Slapen&lt;/b&gt; &amp; waken, tot "), "{page}");
        assert!(page.contains("<p class=\"closed\">Er is geen begeleider.</p>"));
        assert!(page.contains("<p class=\"closed\">Niemand van dienst.</p>"));
    }

    #[test]
    fn a_page_that_lacks_words_is_refused_with_their_name_and_one_without_the_place_is_left_alone() {
        assert!(NowPage::read("<main></main>").unwrap().is_none());
        let lacking = PAGE.replace("no-hosts: Er is geen begeleider.\n", "");
        assert!(NowPage::read(&lacking).unwrap_err().to_string().contains("no-hosts"));
        let short = PAGE.replace("zondag ", "");
        assert!(NowPage::read(&short).unwrap_err().to_string().contains("weekdays"));
        assert!(NowPage::read(&PAGE.replace("-->", "")).is_err());
        let lacking = PAGE.replace("lines-acts: ", "acts: ");
        assert!(NowPage::read(&lacking).unwrap_err().to_string().contains("lines-acts"));
    }
}
