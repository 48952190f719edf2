// Put, after instances.js, before every script of the page and of its workers: `wasmMemory()` in the
// page is the memory of the WebAssembly of both.
globalThis.wasmMemory ??= (() => {
  const workers = [];
  if (globalThis.document) {
    // A worker sends its size before every message; the package is not to see it.
    globalThis.Worker = class extends Worker {
      constructor(...args) {
        super(...args);
        const index = workers.push(0) - 1;
        this.addEventListener('message', (event) => {
          if (event.data?.wasmBytes === undefined) return;
          workers[index] = event.data.wasmBytes;
          event.stopImmediatePropagation();
        });
      }
    };
  } else {
    const post = globalThis.postMessage.bind(globalThis);
    let sent = 0;
    globalThis.postMessage = (...message) => {
      const wasmBytes = globalThis.wasmBytes();
      if (wasmBytes !== sent) post({ wasmBytes });
      sent = wasmBytes;
      post(...message);
    };
  }
  return () => workers.reduce((sum, bytes) => sum + bytes, globalThis.wasmBytes());
})();
