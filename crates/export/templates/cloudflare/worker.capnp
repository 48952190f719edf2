# {{name}} on workerd, Cloudflare's runtime: workerd serve worker.capnp
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
{{recording}}
    # Where counts are kept.
    (name = "recorded", disk = (path = "recorded", writable = true)),
    (name = "internet", network = (allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true))),
{{end}}
  ],
  sockets = [ (name = "http", address = "127.0.0.1:8000", http = (), service = "main") ],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
    (name = "handler.mjs", esModule = embed "handler.mjs"),
    (name = "model.wasm", wasm = embed "model.wasm"),
{{recording}}
    (name = "recording.mjs", esModule = embed "recording.mjs"),
    (name = "recorder.wasm", wasm = embed "recorder.wasm"),
{{end}}
  ],
  bindings = [
{{recording}}
    (name = "HEDGEROW_RECORDED", durableObjectNamespace = "Recorded"),
    (name = "HEDGEROW_RECORDING", fromEnvironment = "HEDGEROW_RECORDING"),
    (name = "HEDGEROW_SAMPLING", fromEnvironment = "HEDGEROW_SAMPLING"),
    (name = "HEDGEROW_FLUSH_SECONDS", fromEnvironment = "HEDGEROW_FLUSH_SECONDS"),
    (name = "HEDGEROW_FEEDBACK", fromEnvironment = "HEDGEROW_FEEDBACK"),
    (name = "HEDGEROW_DRIFT_HOURS", fromEnvironment = "HEDGEROW_DRIFT_HOURS"),
    (name = "HEDGEROW_RULES", fromEnvironment = "HEDGEROW_RULES"),
    (name = "HEDGEROW_WEBHOOK", fromEnvironment = "HEDGEROW_WEBHOOK"),
{{end}}
    (name = "HEDGEROW_TOKEN", fromEnvironment = "HEDGEROW_TOKEN"),
    (name = "HEDGEROW_CORS", fromEnvironment = "HEDGEROW_CORS"),
    (name = "HEDGEROW_MAX_BYTES", fromEnvironment = "HEDGEROW_MAX_BYTES"),
    (name = "HEDGEROW_MAX_ROWS", fromEnvironment = "HEDGEROW_MAX_ROWS"),
    (name = "HEDGEROW_EXTRA_FIELDS", fromEnvironment = "HEDGEROW_EXTRA_FIELDS"),
    (name = "HEDGEROW_MISSING_FIELDS", fromEnvironment = "HEDGEROW_MISSING_FIELDS"),
  ],
{{recording}}
  durableObjectNamespaces = [ (className = "Recorded", uniqueKey = "{{name}}-recorded", enableSql = true) ],
  durableObjectStorage = (localDisk = "recorded"),
{{end}}
  compatibilityDate = "2026-01-01",
);
