// With this, a server in Node ends with a file of what it had in memory, in bytes:
// node --expose-gc --import ./watch.mjs main.mjs
import { writeFileSync } from 'node:fs';

const instances = [];
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...args) {
    super(...args);
    instances.push(this);
  }
};

process.on('exit', () => {
  const { rss } = process.memoryUsage();
  gc();
  const { heapUsed } = process.memoryUsage();
  const [{ exports }] = instances;
  const memory = exports.memory.buffer.byteLength;
  writeFileSync('memory.json', JSON.stringify({ memory, heap: heapUsed, rss }));
});
