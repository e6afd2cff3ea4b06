//! `cargo xtask shots` ends with this: one page with every screen in every look beside each other, and one with every component
//! in both directions. For whoever draws; served to nobody.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::place::Place;
use crate::run::{Done, Failure};

/// Writes `index.html` and `components.html` beside the pictures; returns the first.
pub(crate) fn write(place: &Place, folder: &Path) -> Done<PathBuf> {
    let failed = |error| Failure::about(folder, &error);
    let mut names: Vec<String> = fs::read_dir(folder)
        .map_err(failed)?
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok()?.strip_suffix(".png").map(str::to_owned))
        .collect();
    names.sort();
    let index = folder.join("index.html");
    fs::write(&index, page(&names)).map_err(failed)?;
    let app = place.root.join("client-web/app");
    let components = app.join("gallery/components.html");
    let text = fs::read_to_string(&components).map_err(|error| Failure::about(&components, &error))?;
    fs::write(folder.join("components.html"), both_directions(&text)).map_err(failed)?;
    fs::write(folder.join("style.css"), styles(&app.join("style"))?).map_err(failed)?;
    Ok(index)
}

fn styles(folder: &Path) -> Done<String> {
    let failed = |error| Failure::about(folder, &error);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).map_err(failed)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    files.into_iter().map(|file| fs::read_to_string(&file).map_err(failed)).collect()
}

// The same once more, from right to left.
fn both_directions(text: &str) -> String {
    let Some((before, rest)) = text.split_once("<div class=\"step\" id=\"components\">") else {
        return text.to_owned();
    };
    let Some((components, after)) = rest.rsplit_once("</div>\n</main>") else { return text.to_owned() };
    // Two fields of one name would be one field.
    let other = components
        .replace(" id=\"", " id=\"r")
        .replace(" for=\"", " for=\"r")
        .replace("name=\"d\"", "name=\"rd\"");
    format!(
        "{before}<div class=\"step\" id=\"components\">{components}</div>\n\
         <div class=\"step\" dir=\"rtl\">{other}</div>\n</main>{after}"
    )
}

/// A picture's screen, and its look: `phrase-ar-360-dark` is `phrase` and `ar-360-dark`.
fn parts(name: &str) -> (&str, &str) {
    let is_look = |look: &&str| {
        let look = ["nl-", "ar-"].iter().find_map(|language| look.strip_prefix(language)).unwrap_or(look);
        let (size, scheme) = look.split_once('-').unwrap_or_default();
        size.bytes().all(|digit| digit.is_ascii_digit()) && matches!(scheme, "light" | "dark" | "forced")
    };
    let cut = name.match_indices('-').map(|(at, _)| at).find(|at| is_look(&&name[at + 1..]));
    cut.map_or((name, ""), |at| (&name[..at], &name[at + 1..]))
}

fn page(names: &[String]) -> String {
    let mut screens: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for name in names {
        let (screen, look) = parts(name);
        screens.entry(screen).or_default().push((look, name));
    }
    let mut html = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Screens</title><style>\
         body{font-family:system-ui;margin:1rem}section{display:flex;gap:1rem;align-items:flex-start;overflow-x:auto}\
         img{max-height:32rem;border:1px solid #999}figure{margin:0}h2{margin-block:2rem .5rem}</style></head><body>\n",
    );
    let _ = writeln!(
        html,
        "<p>{} screens, {} pictures. <a href=\"components.html\">Components</a></p>",
        screens.len(),
        names.len()
    );
    for (screen, looks) in screens {
        let _ = writeln!(html, "<h2>{screen}</h2><section>");
        for (look, name) in looks {
            let _ = writeln!(
                html,
                "<figure><img loading=\"lazy\" src=\"{name}.png\" alt=\"\"><figcaption>{look}</figcaption></figure>"
            );
        }
        html.push_str("</section>\n");
    }
    html + "</body></html>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_one_screen_stand_beside_each_other() {
        assert_eq!(parts("arabic-call-ar-360-dark"), ("arabic-call", "ar-360-dark"));
        assert_eq!(parts("call-1280-forced"), ("call", "1280-forced"));
        assert_eq!(parts("phrase-kept"), ("phrase-kept", ""));
        let names = ["call-1280-light", "call-360-dark", "phrase"].map(str::to_owned);
        let html = page(&names);
        assert!(html.contains("2 screens, 3 pictures"), "{html}");
        assert_eq!(html.matches("<h2>call</h2>").count(), 1);
    }

    #[test]
    fn every_component_stands_there_in_both_directions_under_names_of_its_own() {
        let text = "<div class=\"step\" id=\"components\"><input id=\"a\"></div>\n</main>";
        let both = both_directions(text);
        assert!(
            both.contains("<input id=\"a\">") && both.contains("dir=\"rtl\"><input id=\"ra\">"),
            "{both}"
        );
    }
}
