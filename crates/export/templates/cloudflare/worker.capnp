# {{name}} on workerd, Cloudflare's runtime: workerd serve worker.capnp
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "main", worker = .worker) ],
  sockets = [ (name = "http", address = "127.0.0.1:8000", http = (), service = "main") ],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
    (name = "handler.mjs", esModule = embed "handler.mjs"),
    (name = "model.wasm", wasm = embed "model.wasm"),
  ],
  bindings = [
    (name = "HEDGEROW_TOKEN", fromEnvironment = "HEDGEROW_TOKEN"),
    (name = "HEDGEROW_CORS", fromEnvironment = "HEDGEROW_CORS"),
    (name = "HEDGEROW_MAX_BYTES", fromEnvironment = "HEDGEROW_MAX_BYTES"),
    (name = "HEDGEROW_MAX_ROWS", fromEnvironment = "HEDGEROW_MAX_ROWS"),
    (name = "HEDGEROW_EXTRA_FIELDS", fromEnvironment = "HEDGEROW_EXTRA_FIELDS"),
    (name = "HEDGEROW_MISSING_FIELDS", fromEnvironment = "HEDGEROW_MISSING_FIELDS"),
  ],
  compatibilityDate = "2026-01-01",
);
