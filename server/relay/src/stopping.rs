//! One word to everybody: the relay is stopping.

use tokio::sync::watch;

/// Hears the word.
#[derive(Clone)]
pub struct Stopping {
    word: watch::Receiver<bool>,
}

/// Says the word.
pub(crate) struct Stop {
    word: watch::Sender<bool>,
}

/// A pair.
pub(crate) fn stopping() -> (Stop, Stopping) {
    let (sender, receiver) = watch::channel(false);
    (Stop { word: sender }, Stopping { word: receiver })
}

impl Stop {
    /// Says it.
    pub(crate) fn say(&self) {
        self.word.send_replace(true);
    }
}

impl Stopping {
    /// Waits until it is said.
    pub async fn wait(&self) {
        let mut word = self.word.clone();
        // If the speaker is gone the relay is too.
        let _said = word.wait_for(|stopping| *stopping).await;
    }
}
