using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "main", worker = .worker) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ],
  # It tells its heap with every collection only.
  v8Flags = [ "--expose-gc", "--trace-gc" ],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
    (name = "handler.mjs", esModule = embed "handler.mjs"),
    (name = "model.wasm", wasm = embed "model.wasm"),
  ],
  compatibilityDate = "2026-01-01",
);
