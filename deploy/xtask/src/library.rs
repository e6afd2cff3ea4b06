//! Puts the help library into the pages: whoever has no script, or no connection any more, reads it there.

use std::fs;
use std::path::Path;

use lotgenoot_library::{Library, page};

use crate::client::Sources;
use crate::run::{Done, Failure};

/// Fills the place that a page has for the library in its language; a page without one stays as it is. `app` is the folder
/// with `library/` and `locales/helplines.json`.
pub(crate) fn put_into(sources: &mut Sources, app: &Path, languages: &[String]) -> Done {
    let library = read(app, languages)?;
    let pieces: Vec<(String, String)> =
        languages.iter().map(|code| (page::place(code), page::render(&library, code))).collect();
    for (name, bytes) in sources.iter_mut().filter(|(name, _)| name.ends_with(".html")) {
        let mut text = String::from_utf8(std::mem::take(bytes))
            .map_err(|_| Failure::new(format!("{name} is not UTF-8")))?;
        for (place, piece) in &pieces {
            text = text.replace(place, piece);
        }
        *bytes = text.into_bytes();
    }
    Ok(())
}

/// All data files; topics in the order of their names, `01-rights.json`.
fn read(app: &Path, languages: &[String]) -> Done<Library> {
    let folder = app.join("library");
    let text = |path: &Path| fs::read_to_string(path).map_err(|error| Failure::about(path, &error));
    let entries = fs::read_dir(&folder).map_err(|error| Failure::about(&folder, &error))?;
    let mut names: Vec<String> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    let mut topics = Vec::new();
    for name in &names {
        let numbered = name.strip_suffix(".json").and_then(|name| name.split_once('-'));
        let Some((_, id)) = numbered.filter(|(nth, _)| nth.bytes().all(|digit| digit.is_ascii_digit()))
        else {
            continue;
        };
        topics.push((id.to_owned(), text(&folder.join(name))?));
    }
    let topics: Vec<(&str, &str)> = topics.iter().map(|(id, json)| (id.as_str(), json.as_str())).collect();
    let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
    let (lines, words) = (text(&app.join("locales/helplines.json"))?, text(&folder.join("words.json"))?);
    Library::read(&lines, &topics, &words, &languages)
        .map_err(|error| Failure::new(format!("{}: {error}", folder.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_the_library_in_its_language_and_another_one_stays_as_it_is() {
        let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../client-web/app");
        let page = b"<main><!--library:en--></main>".to_vec();
        let mut sources =
            Sources::from([("en.html".to_owned(), page.clone()), ("en.js".to_owned(), page.clone())]);
        put_into(&mut sources, &app, &["nl".to_owned(), "en".to_owned()]).unwrap();
        let text = String::from_utf8_lossy(&sources["en.html"]);
        assert!(text.contains("<summary>Your rights</summary>") && !text.contains("<!--library"), "{text}");
        assert_eq!(sources["en.js"], page);
        let lacking = put_into(&mut sources, &app, &["fy".to_owned()]).unwrap_err();
        assert!(lacking.message.contains("lacks its fy"), "{}", lacking.message);
    }
}
