/** The learners and their parameters as the form shows them. One declaration, from which the form is made. */
import type { Params, ParamValue } from './plan.ts';

interface Declared {
  /** Name in JavaScript. */
  name: string;
  /** Name on the command line and in the model file. */
  field: string;
  label: string;
  help: string;
  /** Shown at once; the others are folded away. */
  open: boolean;
  default: ParamValue;
}

export type Parameter = Declared &
  (
    | { type: 'integer'; min: number; max: number; optional?: string }
    | { type: 'choice'; choices: { value: string; label: string }[] }
    | { type: 'switch' }
  );

export interface Learner {
  kind: 'random-forest';
  label: string;
  about: string;
  parameters: Parameter[];
}

export const RANDOM_FOREST: Learner = {
  kind: 'random-forest',
  label: 'Random forest',
  about: 'Many trees, each grown on a random sample of the rows; their average is the prediction.',
  parameters: [
    {
      name: 'nEstimators',
      field: 'n_estimators',
      label: 'Trees',
      help: 'More trees are steadier and take longer.',
      open: true,
      default: 100,
      type: 'integer',
      min: 1,
      max: 5000,
    },
    {
      name: 'maxDepth',
      field: 'max_depth',
      label: 'Greatest depth',
      help: 'Questions a tree may ask one after the other.',
      open: true,
      default: null,
      type: 'integer',
      min: 1,
      max: 64,
      optional: 'no limit',
    },
    {
      name: 'minSamplesLeaf',
      field: 'min_samples_leaf',
      label: 'Smallest leaf',
      help: 'Training rows that a leaf must hold at least. More is smoother.',
      open: true,
      default: 1,
      type: 'integer',
      min: 1,
      max: 10000,
    },
    {
      name: 'maxFeatures',
      field: 'max_features',
      label: 'Features a split looks at',
      help: 'Fewer make the trees differ more.',
      open: false,
      default: 'auto',
      type: 'choice',
      choices: [
        { value: 'auto', label: 'automatic' },
        { value: 'sqrt', label: 'square root of all' },
        { value: 'log2', label: 'logarithm of all' },
        { value: 'all', label: 'all' },
      ],
    },
    {
      name: 'classWeight',
      field: 'class_weight',
      label: 'Class weights',
      help: 'Balanced lets every class count the same, however rare it is.',
      open: false,
      default: 'none',
      type: 'choice',
      choices: [
        { value: 'none', label: 'none' },
        { value: 'balanced', label: 'balanced' },
      ],
    },
    {
      name: 'maxBins',
      field: 'max_bins',
      label: 'Bins a number is cut into',
      help: 'Fewer are faster and coarser.',
      open: false,
      default: 255,
      type: 'integer',
      min: 2,
      max: 255,
    },
    {
      name: 'bootstrap',
      field: 'bootstrap',
      label: 'Each tree sees a random sample of the rows',
      help: 'Off, there is no out-of-bag score.',
      open: false,
      default: true,
      type: 'switch',
    },
  ],
};

/** Only what differs from the defaults, in the order of the declaration. */
export function changedParams(
  learner: Learner,
  params: Params,
): { parameter: Parameter; value: ParamValue }[] {
  return learner.parameters
    .map((parameter) => ({ parameter, value: params[parameter.name] ?? parameter.default }))
    .filter(({ parameter, value }) => value !== parameter.default);
}

/** What is wrong with a value, as a sentence; null when nothing is. */
export function paramProblem(parameter: Parameter, value: ParamValue): string | null {
  if (parameter.type !== 'integer') return null;
  if (value === null) return parameter.optional ? null : `${parameter.label} needs a number.`;
  const fits =
    typeof value === 'number' && Number.isInteger(value) && value >= parameter.min && value <= parameter.max;
  return fits ? null : `${parameter.label} is a whole number from ${parameter.min} to ${parameter.max}.`;
}
