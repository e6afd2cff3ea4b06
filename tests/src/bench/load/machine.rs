//! What a process and this machine have used, by `/proc`.

use std::fs;
use std::time::Duration;

// `_SC_CLK_TCK` of every Linux there is.
const TICKS_A_SECOND: u64 = 100;

/// A process.
#[derive(Clone, Copy, Debug)]
pub struct Process(pub u32);

/// What a process has used.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// Processor time of its threads that are still there.
    pub cpu: Duration,
    /// Bytes of memory it holds now.
    pub rss: u64,
}

impl Process {
    /// This one.
    pub fn own() -> Self {
        Self(std::process::id())
    }

    /// What it has used since it began.
    ///
    /// # Errors
    /// If it has ended.
    pub fn used(self) -> Result<Used, String> {
        let mut cpu = Duration::ZERO;
        let tasks = format!("/proc/{}/task", self.0);
        let tasks = fs::read_dir(&tasks).map_err(|error| format!("{tasks} cannot be read: {error}"))?;
        for task in tasks.flatten() {
            // One that has ended meanwhile has none.
            let Ok(spent) = fs::read_to_string(task.path().join("schedstat")) else { continue };
            let nanoseconds = spent.split_whitespace().next().and_then(|it| it.parse().ok());
            cpu += Duration::from_nanos(nanoseconds.ok_or("an unknown /proc")?);
        }
        let status = read(&format!("/proc/{}/status", self.0))?;
        let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kb = rss.and_then(|rss| rss.trim().trim_end_matches(" kB").parse::<u64>().ok());
        Ok(Used { cpu, rss: kb.ok_or("an unknown /proc")? * 1024 })
    }
}

impl Used {
    /// What was used since then; the memory is what is held now.
    pub fn since(&self, before: &Self) -> Self {
        Self { cpu: self.cpu.saturating_sub(before.cpu), rss: self.rss }
    }
}

/// What all processors have done.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    busy: Duration,
    own: Used,
}

impl Machine {
    /// As it is now.
    ///
    /// # Errors
    /// If there is no `/proc`.
    pub fn now() -> Result<Self, String> {
        let stat = read("/proc/stat")?;
        let all = stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).ok_or("an unknown /proc")?;
        let ticks: Vec<u64> = all.split_whitespace().filter_map(|it| it.parse().ok()).collect();
        // user, nice, system; then idle and iowait; then irq, softirq, steal.
        let busy: u64 =
            ticks.iter().enumerate().filter(|(at, _)| !matches!(at, 3 | 4 | 8..)).map(|(_, it)| it).sum();
        let busy = Duration::from_millis(busy * 1000 / TICKS_A_SECOND);
        Ok(Self { busy, own: Process::own().used()? })
    }

    /// The share of all processors that somebody else had since `before`.
    pub fn others(&self, before: &Self, server: &Used, took: Duration) -> f64 {
        let ours = self.own.since(&before.own).cpu + server.cpu;
        let others = self.busy.saturating_sub(before.busy).saturating_sub(ours);
        let processors = std::thread::available_parallelism().map_or(1, usize::from) as f64;
        others.as_secs_f64() / took.as_secs_f64().max(0.001) / processors
    }
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"))
}
