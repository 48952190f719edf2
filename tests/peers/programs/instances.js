// Notes every instance of WebAssembly as it is made, so that a package need not export anything only
// to be measured. A script, not a module: it runs before whatever makes instances. The memory of an
// instance never shrinks: its size at the end is what it needed at most.
globalThis.wasmBytes ??= (() => {
  const memories = [];
  const note = (instance) => {
    if (instance.exports.memory) memories.push(instance.exports.memory);
    return instance;
  };
  const { Instance, instantiate } = WebAssembly;
  WebAssembly.Instance = new Proxy(Instance, {
    construct: (target, args) => note(new target(...args)),
  });
  WebAssembly.instantiate = async (source, imports) => {
    const made = await instantiate(source, imports);
    note(made.instance ?? made);
    return made;
  };
  return () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
})();
