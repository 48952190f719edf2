/** What the steps of a learner's fit are called, and its scores on the way. */
import * as format from './format.ts';

interface Words {
  /** What it does meanwhile. */
  doing: string;
  /** One of its steps. */
  step: string;
}

const TREES = { doing: 'Growing trees', step: 'tree' };
const ITERATIONS = { doing: 'Fitting the coefficients', step: 'iteration' };

const WORDS: Record<string, Words> = {
  'random-forest': TREES,
  'extra-trees': TREES,
  'isolation-forest': TREES,
  'gradient-boosting': { doing: 'Adding trees', step: 'round' },
  mlp: { doing: 'Learning', step: 'epoch' },
  'logistic-regression': ITERATIONS,
  'elastic-net': ITERATIONS,
};

export function stepWords(kind: string): Words {
  return WORDS[kind] ?? { doing: 'Fitting', step: 'step' };
}

const LABELS: Record<string, string> = {
  oob_accuracy: 'Out-of-bag accuracy',
  oob_r2: 'Out-of-bag R²',
};

/** `validation_loss` as `Validation loss`. */
export function scoreLabel(name: string): string {
  const text = name.replaceAll('_', ' ').replace(/\br2\b/, 'R²');
  return LABELS[name] ?? format.capital(text);
}

/** Whether a larger value is better; losses and errors are better small. */
export function higherIsBetter(name: string): boolean {
  return !/loss|error|deviance|rmse|mae|mse|brier/i.test(name);
}

/** Shares and R² line up to the third digit; a loss has any size. */
export function scoreText(name: string, value: number | null | undefined): string {
  return higherIsBetter(name) ? format.score(value) : format.number(value);
}
