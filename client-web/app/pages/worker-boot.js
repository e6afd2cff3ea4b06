// The worker's first lines: keeps what the page says until the core is there, and hands it over in order.

import init, * as core from "{{worker.js}}";

const early = [];
self.onmessage = (event) => early.push(event.data);

await init({ module_or_path: "{{worker.wasm}}" });
for (const said of early) core.handle(said);
self.onmessage = (event) => core.handle(event.data);
