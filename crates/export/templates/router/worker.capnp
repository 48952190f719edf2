# {{name}} on workerd, Cloudflare's runtime: workerd serve worker.capnp
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    # Where counts are kept.
    (name = "recorded", disk = (path = "recorded", writable = true)),
{{recording}}
    (name = "internet", network = (allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true))),
{{end}}
  ],
  sockets = [ (name = "http", address = "127.0.0.1:8000", http = (), service = "main") ],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
    (name = "handler.mjs", esModule = embed "handler.mjs"),
    (name = "router.mjs", esModule = embed "router.mjs"),
    (name = "champion/model.wasm", wasm = embed "champion/model.wasm"),
    (name = "challenger/model.wasm", wasm = embed "challenger/model.wasm"),
{{recording}}
    (name = "recording.mjs", esModule = embed "recording.mjs"),
    (name = "champion/recorder.wasm", wasm = embed "champion/recorder.wasm"),
    (name = "challenger/recorder.wasm", wasm = embed "challenger/recorder.wasm"),
{{end}}
  ],
  bindings = [
    (name = "HEDGEROW_ROUTED", durableObjectNamespace = "Routed"),
{{recording}}
    (name = "HEDGEROW_RECORDED_CHAMPION", durableObjectNamespace = "RecordedChampion"),
    (name = "HEDGEROW_RECORDED_CHALLENGER", durableObjectNamespace = "RecordedChallenger"),
    (name = "HEDGEROW_RECORDING", fromEnvironment = "HEDGEROW_RECORDING"),
    (name = "HEDGEROW_SAMPLING", fromEnvironment = "HEDGEROW_SAMPLING"),
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
    (name = "HEDGEROW_EXPERIMENT", fromEnvironment = "HEDGEROW_EXPERIMENT"),
    (name = "HEDGEROW_WEIGHTS", fromEnvironment = "HEDGEROW_WEIGHTS"),
    (name = "HEDGEROW_MODE", fromEnvironment = "HEDGEROW_MODE"),
    (name = "HEDGEROW_OUTCOME", fromEnvironment = "HEDGEROW_OUTCOME"),
    (name = "HEDGEROW_UNIT_HEADER", fromEnvironment = "HEDGEROW_UNIT_HEADER"),
    (name = "HEDGEROW_UNIT_COOKIE", fromEnvironment = "HEDGEROW_UNIT_COOKIE"),
    (name = "HEDGEROW_TIMEOUT_SECONDS", fromEnvironment = "HEDGEROW_TIMEOUT_SECONDS"),
    (name = "HEDGEROW_COPIES", fromEnvironment = "HEDGEROW_COPIES"),
    (name = "HEDGEROW_KILL", fromEnvironment = "HEDGEROW_KILL"),
    (name = "HEDGEROW_KILL_ERRORS", fromEnvironment = "HEDGEROW_KILL_ERRORS"),
    (name = "HEDGEROW_KILL_REQUESTS", fromEnvironment = "HEDGEROW_KILL_REQUESTS"),
    (name = "HEDGEROW_FEEDBACK", fromEnvironment = "HEDGEROW_FEEDBACK"),
    (name = "HEDGEROW_FLUSH_SECONDS", fromEnvironment = "HEDGEROW_FLUSH_SECONDS"),
  ],
  durableObjectNamespaces = [
    (className = "Routed", uniqueKey = "{{name}}-routed", enableSql = true),
{{recording}}
    (className = "RecordedChampion", uniqueKey = "{{name}}-recorded-champion", enableSql = true),
    (className = "RecordedChallenger", uniqueKey = "{{name}}-recorded-challenger", enableSql = true),
{{end}}
  ],
  durableObjectStorage = (localDisk = "recorded"),
  compatibilityDate = "2026-01-01",
);
