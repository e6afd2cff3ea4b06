//! Makes the table of help lines out of the data file.

use lotgenoot_library::{Line, Place, read_lines};

/// The body of `LINES`.
pub(crate) fn generate(json: &str, languages: &[&str]) -> Result<String, String> {
    let row = |Line { id, shown, tel, place, checked, .. }: &Line| {
        let place = match place {
            Place::Emergency => "Emergency",
            Place::More => "More",
            Place::Library => "Library",
        };
        let checked = (checked.year, checked.month);
        format!(
            "    Line {{ id: {id:?}, shown: {shown:?}, tel: {tel:?}, place: Place::{place}, checked: {checked:?} }},\n"
        )
    };
    Ok(format!("&[\n{}]\n", read_lines(json, languages)?.iter().map(row).collect::<String>()))
}
