// {{name}}: loads model.wasm and scores rows. Made by Hedgerow {{library}} from the model with the SHA-256
// {{version}}.

{{types}}

export interface Model {
  /** What the module says of itself. */
  readonly description: { name: string; version: string; features: { name: string; kind: string }[] };
  predict(rows: readonly Row[]): Prediction[];
}

interface Exports {
  memory: WebAssembly.Memory;
  hedgerow_abi(): number;
  hedgerow_load(): number;
  hedgerow_description(): number;
  hedgerow_input(rows: number, textBytes: number): number;
  hedgerow_score(): number;
  hedgerow_output(): number;
  hedgerow_error(): number;
}

const CLASSES: readonly string[] = {{classes}};
const OUTPUTS = {{outputs}};
const MISSING = 0xffffffff;

/** The model of a module's bytes, of a compiled module, or of a response that brings it. */
export async function load(source: BufferSource | WebAssembly.Module | Response): Promise<Model> {
  const bytes = source instanceof Response ? await source.arrayBuffer() : source;
  const module = bytes instanceof WebAssembly.Module ? bytes : await WebAssembly.compile(bytes);
  const exports = (await WebAssembly.instantiate(module, {})).exports as unknown as Exports;
  if (exports.hedgerow_abi() !== 1) throw new Error('This module is not of the version that is known here.');
  check(exports, exports.hedgerow_load());
  const description = JSON.parse(textAt(exports, exports.hedgerow_description()));
  return { description, predict: (rows) => predict(exports, description.features, rows) };
}

function predict(exports: Exports, features: Model['description']['features'], rows: readonly Row[]): Prediction[] {
  const isText = (kind: string) => kind === 'category' || kind === 'text';
  const texts = features.map(({ name, kind }) =>
    isText(kind) ? rows.map((row) => encode(row[name as keyof Row])) : [],
  );
  const length = texts.flat().reduce((sum, text) => sum + (text?.length ?? 0), 0);
  const input = exports.hedgerow_input(rows.length, length) >>> 0;
  if (input === 0) throw new Error('These are too many rows at a time.');
  const view = new DataView(exports.memory.buffer);
  const area = input + features.length * rows.length * 8;
  let end = 0;
  features.forEach(({ name, kind }, column) => {
    rows.forEach((row, index) => {
      const cell = input + (column * rows.length + index) * 8;
      if (!isText(kind)) return view.setFloat64(cell, number(row[name as keyof Row]), true);
      const text = texts[column]?.[index];
      view.setUint32(cell, end, true);
      view.setUint32(cell + 4, text?.length ?? MISSING, true);
      new Uint8Array(exports.memory.buffer).set(text ?? [], area + end);
      end += text?.length ?? 0;
    });
  });
  check(exports, exports.hedgerow_score());
  const output = exports.hedgerow_output() >>> 0;
  const values = new Float64Array(exports.memory.buffer, output, rows.length * OUTPUTS);
  const classes = new Uint32Array(exports.memory.buffer, output + values.byteLength, rows.length);
  return rows.map((_, row) => {
    const own = values.slice(row * OUTPUTS, (row + 1) * OUTPUTS);
    const probabilities = Object.fromEntries(CLASSES.map((name, index) => [name, own[index]]));
    return (CLASSES.length > 0 ? { label: CLASSES[classes[row] ?? 0], probabilities } : { value: own[0] }) as Prediction;
  });
}

/** Dates and booleans are numbers, too; what is missing is NaN. A time without a zone is of UTC, as in training. */
function number(value: unknown): number {
  if (value === null || value === undefined) return Number.NaN;
  if (typeof value !== 'string') return Number(value);
  const date = value.replace(' ', 'T');
  return Date.parse(/T[\d:.]+$/i.test(date) ? `${date}Z` : date);
}

function encode(value: unknown): Uint8Array | undefined {
  return value === null || value === undefined ? undefined : new TextEncoder().encode(String(value));
}

function textAt(exports: Exports, at: number): string {
  const [address = 0, length = 0] = new Uint32Array(exports.memory.buffer, at >>> 0, 2);
  return new TextDecoder().decode(new Uint8Array(exports.memory.buffer, address, length));
}

function check(exports: Exports, status: number): void {
  if (status !== 0) throw new Error(textAt(exports, (exports.hedgerow_error() >>> 0) + 12));
}
