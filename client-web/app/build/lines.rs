//! Makes the table of help lines out of the data file.

use serde::Deserialize;

/// One line that answers, as somebody checked it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    shown: String,
    /// What is dialled; absent for what cannot be dialled.
    tel: Option<String>,
    /// On the emergency card, or under it.
    emergency: bool,
    checked: String,
    /// Where it was checked; for whoever checks next.
    #[serde(rename = "source")]
    _source: String,
}

/// The body of `LINES`.
pub(crate) fn generate(json: &str) -> Result<String, String> {
    let lines: Vec<Line> =
        serde_json::from_str(json).map_err(|error| format!("locales/helplines.json: {error}"))?;
    let rows = lines.iter().map(|line| {
        let Line { id, shown, tel, emergency, checked, .. } = line;
        let (year, month) = year_and_month(checked).ok_or_else(|| format!("{id}: `{checked}` is no month"))?;
        Ok(format!(
            "    Line {{ id: {id:?}, shown: {shown:?}, tel: {tel:?}, emergency: {emergency}, checked: ({year}, {month}) }},\n"
        ))
    });
    Ok(format!("&[\n{}]\n", rows.collect::<Result<String, String>>()?))
}

/// `2026-11`.
fn year_and_month(checked: &str) -> Option<(u64, u64)> {
    let (year, month) = checked.split_once('-')?;
    let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some((year.parse().ok()?, month))
}
