//! The library as a piece of a page: read without any script, and unfolded without any.

use crate::{Fact, Library, Line, Month, Text, Topic};

/// Where it goes in a page.
#[must_use]
pub fn place(language: &str) -> String {
    format!("<!--library:{language}-->")
}

/// The piece, in one language. Sources are named and not linked to: whoever follows a link leaves a trace. They are folded
/// away: whoever looks over her shoulder reads what is unfolded.
#[must_use]
pub fn render(library: &Library, language: &str) -> String {
    let page = Page { library, language };
    let words = &library.words;
    let topics: String = library.topics.iter().map(|topic| page.topic(topic)).collect();
    format!(
        "<h2 id=\"library-title\" tabindex=\"-1\">{}</h2>\n<p>{}</p>\n{}{topics}",
        page.said(&words.title),
        page.said(&words.lead),
        page.numbers()
    )
}

struct Page<'a> {
    library: &'a Library,
    language: &'a str,
}

impl Page<'_> {
    fn said(&self, text: &Text) -> String {
        escaped(text.get(self.language).map_or("", String::as_str))
    }

    fn topic(&self, topic: &Topic) -> String {
        let facts: String =
            topic.facts.iter().map(|fact| format!("<li>{}</li>\n", self.said(&fact.text))).collect();
        let sources = topic.facts.iter().map(|Fact { source, checked, .. }| self.source(source, *checked));
        let lines = topic.lines.iter().filter_map(|id| self.library.line(id));
        let lines: String = lines
            .map(|line| format!("<li>{}<p>{}</p></li>\n", self.number(line), self.said(&line.about)))
            .collect();
        let lines = if lines.is_empty() { lines } else { format!("<ul class=\"lines\">{lines}</ul>") };
        let body = format!("<ol class=\"facts\">\n{facts}</ol>\n{lines}{}", self.sources(sources));
        self.folded(&topic.id, &topic.title, &body)
    }

    fn numbers(&self) -> String {
        let words = &self.library.words;
        let asked = |question: &Text, answer: &Text| {
            format!("<p><strong>{}</strong> {}</p>", self.said(question), self.said(answer))
        };
        let line = |line: &Line| {
            let number = self.number(line);
            let about = self.said(&line.about);
            let happens = asked(&words.happens, &line.happens);
            let must_act = asked(&words.must_act, &line.must_act);
            let checked = self.dated(&words.checked, line.checked);
            format!("<li>{number}<p>{about}</p>{happens}{must_act}<p class=\"small\">{checked}</p></li>\n")
        };
        let lines: String = self.library.lines.iter().map(line).collect();
        let sources = self.library.lines.iter().map(|line| self.source(&line.source, line.checked));
        let body = format!("<ul class=\"lines\">\n{lines}</ul>{}", self.sources(sources));
        self.folded("numbers", &words.numbers, &body)
    }

    fn folded(&self, id: &str, title: &Text, body: &str) -> String {
        let title = self.said(title);
        format!(
            "<details class=\"topic\" data-test=\"topic-{id}\"><summary>{title}</summary>\n{body}</details>\n"
        )
    }

    fn sources(&self, each: impl Iterator<Item = String>) -> String {
        let title = self.said(&self.library.words.sources);
        let each: String = each.collect();
        format!("<details class=\"small\"><summary>{title}</summary><ol>\n{each}</ol></details>\n")
    }

    fn source(&self, source: &str, read: Month) -> String {
        // A source is Dutch, whatever is read around it.
        let source = format!("<bdi lang=\"nl\">{}.</bdi>", escaped(source.trim_end_matches('.')));
        format!("<li>{}</li>\n", self.dated(&self.library.words.read, read).replace("{source}", &source))
    }

    fn dated(&self, text: &Text, Month { year, month }: Month) -> String {
        let months = self.library.words.months.get(self.language).map_or("", String::as_str);
        let nth = usize::try_from(month).unwrap_or_default().saturating_sub(1);
        let month = months.split(' ').nth(nth).unwrap_or_default();
        self.said(text).replace("{month}", month).replace("{year}", &year.to_string())
    }

    fn number(&self, line: &Line) -> String {
        let shown = escaped(&line.shown);
        let Some(tel) = &line.tel else {
            return format!("<span class=\"number\" dir=\"ltr\">{shown}</span>");
        };
        let (tel, call) = (escaped(tel), self.said(&self.library.words.call).replace("{number}", &shown));
        format!("<a href=\"tel:{tel}\" class=\"number\" dir=\"ltr\" aria-label=\"{call}\">{shown}</a>")
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
