//! The WebSocket, with its listeners for as long as it lives.

use js_sys::{ArrayBuffer, Uint8Array};
use lotgenoot_protocol::SUBPROTOCOL;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, MessageEvent, WebSocket};

/// A socket on its way or open. Dropping it closes it and makes it silent.
pub(crate) struct Socket {
    inner: WebSocket,
    _open: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut()>,
}

impl Socket {
    /// Dials `url`. `number` says which socket this is, so that a late word of an old one is not taken for a new one's.
    pub(crate) fn dial(url: &str, number: u32) -> Option<Self> {
        let inner = WebSocket::new_with_str(url, SUBPROTOCOL).ok()?;
        inner.set_binary_type(BinaryType::Arraybuffer);
        let open = Closure::new(move || crate::with_edge(|edge| edge.opened(number)));
        let message = Closure::new(move |event: MessageEvent| {
            if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                let bytes = Uint8Array::new(&buffer).to_vec();
                crate::with_edge(|edge| edge.heard(number, &bytes));
            }
        });
        let close = Closure::new(move || crate::with_edge(|edge| edge.closed(number)));
        inner.set_onopen(Some(open.as_ref().unchecked_ref()));
        inner.set_onmessage(Some(message.as_ref().unchecked_ref()));
        inner.set_onclose(Some(close.as_ref().unchecked_ref()));
        Some(Self { inner, _open: open, _message: message, _close: close })
    }

    /// Sends; a socket that is closing says so by itself soon.
    pub(crate) fn send(&self, bytes: &[u8]) {
        let _closing = self.inner.send_with_u8_array(bytes);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.inner.set_onopen(None);
        self.inner.set_onmessage(None);
        self.inner.set_onclose(None);
        let _closed_already = self.inner.close();
    }
}
