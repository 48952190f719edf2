using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "main", worker = .worker) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
    (name = "model0.wasm", wasm = embed "model0.wasm"),
    (name = "model1.wasm", wasm = embed "model1.wasm"),
    (name = "model2.wasm", wasm = embed "model2.wasm"),
    (name = "model3.wasm", wasm = embed "model3.wasm"),
    (name = "model4.wasm", wasm = embed "model4.wasm"),
    (name = "model5.wasm", wasm = embed "model5.wasm"),
    (name = "model6.wasm", wasm = embed "model6.wasm"),
    (name = "model7.wasm", wasm = embed "model7.wasm"),
  ],
  compatibilityDate = "2026-01-01",
);
