//! Two sides beside each other: a table to read, JSON to keep, and bars to look at.

use std::fmt::{self, Write as _};

use serde_json::{Value, json};

/// What a ratio may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// The relay does at least so much of what the ruler does.
    AtLeast(f64),
    /// The relay takes at most so much of what the ruler takes.
    AtMost(f64),
    /// The relay takes at most this, whatever the ruler takes.
    Own(f64),
    /// The relay does at least this, or at least so much of what the ruler does.
    EitherAtLeast(f64, f64),
    /// The relay takes at most this, or at most so much of what the ruler takes.
    EitherAtMost(f64, f64),
}

/// One figure of both.
#[derive(Clone, Debug)]
struct Row {
    what: String,
    ours: f64,
    // None: nothing to compare with.
    ruler: Option<f64>,
    ratio: Option<f64>,
    bound: Option<Bound>,
}

impl Row {
    fn ratio(&self) -> Option<f64> {
        self.ratio
    }

    fn is_kept(&self) -> bool {
        match (self.bound, self.ratio()) {
            (Some(Bound::AtLeast(least)), Some(ratio)) => ratio >= least,
            (Some(Bound::AtMost(most)), Some(ratio)) => ratio <= most,
            (Some(Bound::Own(most)), _) => self.ours <= most,
            (Some(Bound::EitherAtLeast(least, times)), ratio) => {
                self.ours >= least || ratio.is_some_and(|ratio| ratio >= times)
            }
            (Some(Bound::EitherAtMost(most, times)), ratio) => {
                self.ours <= most || ratio.is_some_and(|ratio| ratio <= times)
            }
            // A bound that nothing was measured for is not kept.
            (Some(_), None) => false,
            (None, _) => true,
        }
    }
}

/// The rounds of both in one scenario.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The relay's.
    pub ours: Vec<f64>,
    /// The ruler's.
    pub ruler: Vec<f64>,
}

/// What was measured.
#[derive(Clone, Debug)]
pub struct Table {
    workload: &'static str,
    sides: [&'static str; 2],
    rows: Vec<Row>,
    plots: Vec<(String, Compared)>,
    noise: Option<(f64, f64)>,
}

impl Table {
    /// Nothing yet.
    pub fn new(workload: &'static str, ours: &'static str, ruler: &'static str) -> Self {
        Self { workload, sides: [ours, ruler], rows: Vec::new(), plots: Vec::new(), noise: None }
    }

    /// Which workload it is about.
    pub fn workload(&self) -> &'static str {
        self.workload
    }

    /// One more figure of both, round by round. The ratio is the median of the rounds' own: what the machine was doing in one
    /// of them it did to both.
    pub fn row(&mut self, what: String, both: &Compared, bound: Option<Bound>) {
        let ratios = both.ours.iter().zip(&both.ruler).filter(|(_, ruler)| **ruler > 0.0);
        let ratios: Vec<f64> = ratios.map(|(ours, ruler)| ours / ruler).collect();
        let ratio = (!ratios.is_empty()).then(|| median(ratios.into_iter()));
        let (ours, ruler) = (median(both.ours.iter().copied()), median(both.ruler.iter().copied()));
        self.rows.push(Row { what, ours, ruler: Some(ruler), ratio, bound });
    }

    /// One more figure of the relay alone.
    pub fn own(&mut self, what: String, ours: f64, bound: Option<Bound>) {
        self.rows.push(Row { what, ours, ruler: None, ratio: None, bound });
    }

    /// Rounds to be drawn, too.
    pub fn add_plot(&mut self, name: String, compared: Compared) {
        self.plots.push((name, compared));
    }

    /// So much of the processors others had at worst, and so much they may have for the figures to be believed.
    pub fn noisy(&mut self, others: f64, most: f64) {
        self.noise = Some((others, most));
    }

    /// Whether everything is as it should be.
    pub fn is_kept(&self) -> bool {
        self.rows.iter().all(Row::is_kept)
    }

    /// Whether others had so much of the machine that nothing can be said.
    pub fn is_noisy(&self) -> bool {
        self.noise.is_some_and(|(others, most)| others > most)
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let ratio = row.ratio();
                json!({ "what": row.what, "relay": row.ours, "ruler": row.ruler, "ratio": ratio, "kept": row.is_kept() })
            })
            .collect();
        let rounds: Vec<Value> = self
            .plots
            .iter()
            .map(|(name, it)| json!({ "scenario": name, "relay": it.ours, "ruler": it.ruler }))
            .collect();
        let others = self.noise.map(|(others, _)| others);
        json!({ "workload": self.workload, "rows": rows, "rounds": rounds, "others_share": others })
    }

    /// Bars: each scenario, the relay's median and the ruler's, with the rounds as ticks.
    pub fn svg(&self) -> String {
        const ROW: usize = 46;
        const WIDTH: usize = 760;
        const LEFT: usize = 190;
        let height = self.plots.len() * ROW + 40;
        let most = self
            .plots
            .iter()
            .flat_map(|(_, it)| it.ours.iter().chain(&it.ruler))
            .fold(1.0, |a: f64, b| a.max(*b));
        let scale = (WIDTH - LEFT - 90) as f64 / most;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n"
        );
        let _infallible = writeln!(svg, "<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>");
        let _infallible = writeln!(
            svg,
            "<text x=\"8\" y=\"18\" font-weight=\"bold\">{}: {} (dark) and {} (light), deliveries/s</text>",
            self.workload, self.sides[0], self.sides[1]
        );
        for (at, (name, compared)) in self.plots.iter().enumerate() {
            let top = 30 + at * ROW;
            let _infallible = writeln!(svg, "<text x=\"8\" y=\"{}\">{name}</text>", top + 22);
            for (side, (rounds, fill)) in
                [(&compared.ours, "#1d4ed8"), (&compared.ruler, "#93c5fd")].into_iter().enumerate()
            {
                let (middle, y) = (median(rounds.iter().copied()), top + side * 18);
                let _infallible = writeln!(
                    svg,
                    "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{:.1}\" height=\"14\" fill=\"{fill}\"/>",
                    middle * scale
                );
                for round in rounds {
                    let x = LEFT as f64 + round * scale;
                    let _infallible = writeln!(
                        svg,
                        "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{y}\" y2=\"{}\" stroke=\"#111\"/>",
                        y + 14
                    );
                }
                let _infallible = writeln!(
                    svg,
                    "<text x=\"{:.1}\" y=\"{}\">{middle:.0}</text>",
                    LEFT as f64 + middle * scale + 6.0,
                    y + 11
                );
            }
        }
        svg + "</svg>\n"
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [ours, ruler] = self.sides;
        writeln!(f, "{:<34} {ours:>12} {ruler:>12} {:>7}  may be", self.workload, "ratio")?;
        for row in &self.rows {
            write!(f, "{:<34} {:>12}", row.what, plain(row.ours))?;
            write!(f, " {:>12}", row.ruler.map_or_else(|| "–".to_owned(), plain))?;
            write!(f, " {:>7}", row.ratio().map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}")))?;
            match row.bound {
                Some(Bound::AtLeast(least)) => write!(f, "  ≥ {least} ×")?,
                Some(Bound::AtMost(most)) => write!(f, "  ≤ {most} ×")?,
                Some(Bound::Own(most)) => write!(f, "  ≤ {most}")?,
                Some(Bound::EitherAtLeast(least, times)) => write!(f, "  ≥ {least}, or {times:.2} ×")?,
                Some(Bound::EitherAtMost(most, times)) => write!(f, "  ≤ {most}, or {times:.2} ×")?,
                None => {}
            }
            writeln!(f, "{}", if row.is_kept() { "" } else { "  !!" })?;
        }
        if let Some((others, most)) = self.noise {
            write!(f, "others had {:.0} % of the processors at worst", others * 100.0)?;
            if others > most {
                write!(f, ": too noisy to tell; end what else runs and measure again")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

fn plain(figure: f64) -> String {
    match figure {
        it if it >= 1000.0 => format!("{it:.0}"),
        it if it >= 10.0 => format!("{it:.1}"),
        it => format!("{it:.3}"),
    }
}

/// The middle one, or the mean of the two in the middle; zero of none.
pub(super) fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    let half = figures.len() / 2;
    match figures.len() {
        0 => 0.0,
        many if many % 2 == 1 => figures[half],
        _ => (figures[half - 1] + figures[half]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
        assert_eq!(median(std::iter::empty()), 0.0);
    }

    fn once(ours: f64, ruler: f64) -> Compared {
        Compared { ours: vec![ours], ruler: vec![ruler] }
    }

    #[test]
    fn what_is_below_its_bound_is_marked() {
        let mut table = Table::new("fanout", "relay", "ruler");
        table.row("enough".into(), &once(80.0, 100.0), Some(Bound::AtLeast(0.8)));
        assert!(table.is_kept());
        table.row("too slow".into(), &once(1.3, 1.0), Some(Bound::AtMost(1.25)));
        assert!(!table.is_kept());
        let shown = table.to_string();
        assert!(shown.lines().any(|line| line.starts_with("too slow") && line.ends_with("!!")), "{shown}");
        assert!(shown.lines().any(|line| line.starts_with("enough") && !line.ends_with("!!")), "{shown}");
    }

    #[test]
    fn a_round_in_which_the_machine_was_slow_was_slow_for_both() {
        let mut table = Table::new("fanout", "relay", "ruler");
        let both = Compared { ours: vec![90.0, 45.0, 90.0], ruler: vec![100.0, 50.0, 100.0] };
        table.row("rate".into(), &both, Some(Bound::AtLeast(0.9)));
        assert!(table.is_kept());
    }

    #[test]
    fn a_bound_for_which_nothing_was_measured_is_not_kept() {
        let mut table = Table::new("fanout", "relay", "ruler");
        table.row("nothing".into(), &once(80.0, 0.0), Some(Bound::AtLeast(0.8)));
        assert!(!table.is_kept());
    }

    #[test]
    fn a_machine_that_others_use_tells_nothing() {
        let mut table = Table::new("fanout", "relay", "ruler");
        table.noisy(0.05, 0.1);
        assert!(!table.is_noisy());
        table.noisy(0.2, 0.1);
        assert!(table.is_noisy());
        assert!(table.to_string().contains("too noisy to tell"));
    }
}
