// Milliseconds from a compiled module to its first answer: the mean over modules that no engine has seen.
import module0 from './model0.wasm';
import module1 from './model1.wasm';
import module2 from './model2.wasm';
import module3 from './model3.wasm';
import module4 from './model4.wasm';
import module5 from './model5.wasm';
import module6 from './model6.wasm';
import module7 from './model7.wasm';

const modules = [module0, module1, module2, module3, module4, module5, module6, module7];

export default {
  fetch() {
    const begun = performance.now();
    for (const module of modules) answer(module);
    return Response.json((performance.now() - begun) / modules.length);
  },
};

function answer(module) {
  const { exports } = new WebAssembly.Instance(module, {});
  exports.hedgerow_load();
  const address = exports.hedgerow_input(1, 0) >>> 0;
  new Float64Array(exports.memory.buffer, address, 20).fill(0.5);
  if (exports.hedgerow_score() !== 0) throw new Error('no answer');
}
