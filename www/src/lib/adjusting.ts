/** A classifier's probabilities calibrated, and the threshold that it decides by, as the form has them. */
import type { CalibrationMethod, ThresholdChoice } from 'hedgerow';
import type { ModelInfo } from '../worker/protocol.ts';
import * as format from './format.ts';
import type { Adjustment, ParamValue } from './plan.ts';
import { snake } from './spelling.ts';
import type { TaskKind } from './target.ts';

/** What a threshold can be chosen for. */
export type Aim =
  | 'f1'
  | 'accuracy'
  | 'balancedAccuracy'
  | 'mcc'
  | 'cost'
  | 'precisionAtRecall'
  | 'recallAtPrecision';

/** Folds that are trained to adjust a model, as the package has them. */
export const ADJUST_FOLDS = 5;

export const METHODS: [CalibrationMethod, string][] = [
  ['sigmoid', 'sigmoid'],
  ['isotonic', 'isotonic regression'],
];

export const AIMS: [Aim, string][] = [
  ['f1', 'the best F1'],
  ['accuracy', 'the best accuracy'],
  ['balancedAccuracy', 'the best balanced accuracy'],
  ['mcc', 'the best Matthews correlation'],
  ['cost', 'the least cost of errors'],
  ['precisionAtRecall', 'the best precision at a recall'],
  ['recallAtPrecision', 'the best recall at a precision'],
];

/** Each number is kept while another aim is chosen; text in its place is what was typed wrong. */
export interface AdjustChoice {
  calibrate: CalibrationMethod | null;
  /** Null for one half. */
  aim: Aim | null;
  falsePositive: ParamValue;
  falseNegative: ParamValue;
  recall: ParamValue;
  precision: ParamValue;
}

export function defaultAdjust(): AdjustChoice {
  return {
    calibrate: null,
    aim: null,
    falsePositive: 1,
    falseNegative: 5,
    recall: 0.8,
    precision: 0.9,
  };
}

/** Why nothing can be adjusted where that is predicted; null where it can. */
export function notAdjustable(task: TaskKind): string | null {
  if (task === 'regression') return 'A number is predicted, which has no probabilities.';
  if (task === 'anomaly')
    return 'The score of an anomaly is no probability, and the share of anomalies sets its threshold.';
  return null;
}

/** Why no threshold can be chosen between so many classes; null where it can, or they are not known yet. */
export function notThresholded(classes: number | undefined): string | null {
  return classes === undefined || classes === 2
    ? null
    : `One threshold decides between two classes; here are ${format.count(classes)}.`;
}

function costProblem(value: ParamValue): string | null {
  return typeof value === 'number' && value >= 0 ? null : 'A cost is a number from 0.';
}

function shareProblem(value: ParamValue): string | null {
  return typeof value === 'number' && value > 0 && value <= 1 ? null : 'A share is above 0 and at most 1.';
}

/** A number that an aim needs. */
export interface AimNumber {
  name: 'falsePositive' | 'falseNegative' | 'recall' | 'precision';
  label: string;
  help(positive: string, other: string): string;
  /** What is wrong with a value, as a sentence. */
  check(value: ParamValue): string | null;
}

const AIM_NUMBERS: Partial<Record<Aim, AimNumber[]>> = {
  cost: [
    {
      name: 'falsePositive',
      label: 'Cost of a false alarm',
      help: (positive, other) => `${positive} is predicted, and it is ${other}.`,
      check: costProblem,
    },
    {
      name: 'falseNegative',
      label: 'Cost of a miss',
      help: (positive, other) => `${other} is predicted, and it is ${positive}.`,
      check: costProblem,
    },
  ],
  precisionAtRecall: [
    {
      name: 'recall',
      label: 'Recall at least',
      help: (positive) => `The share of all that are ${positive} that must be found.`,
      check: shareProblem,
    },
  ],
  recallAtPrecision: [
    {
      name: 'precision',
      label: 'Precision at least',
      help: (positive) => `The share of what is called ${positive} that must be so.`,
      check: shareProblem,
    },
  ],
};

export function numbersOf(aim: Aim | null): AimNumber[] {
  return (aim && AIM_NUMBERS[aim]) ?? [];
}

/** What is wrong with the numbers that count, as a sentence. */
export function adjustProblem(choice: AdjustChoice): string | null {
  const { aim, falsePositive, falseNegative } = choice;
  const problems = numbersOf(aim).map(({ name, check }) => check(choice[name]));
  const free = aim === 'cost' && falsePositive === 0 && falseNegative === 0;
  return problems.find((problem) => problem !== null) ?? (free ? 'One of the costs is above 0.' : null);
}

function thresholdOf({ aim, ...choice }: AdjustChoice): ThresholdChoice | null {
  switch (aim) {
    case 'cost':
      return {
        cost: {
          falsePositive: Number(choice.falsePositive),
          falseNegative: Number(choice.falseNegative),
        },
      };
    case 'precisionAtRecall':
      return { precisionAtRecall: Number(choice.recall) };
    case 'recallAtPrecision':
      return { recallAtPrecision: Number(choice.precision) };
    default:
      return aim;
  }
}

/** What is to be adjusted of a model of so many classes; null where nothing is. */
export function adjustmentOf(
  choice: AdjustChoice,
  task: TaskKind,
  classes: number | undefined,
): Adjustment | null {
  if (notAdjustable(task) !== null) return null;
  const { calibrate } = choice;
  const threshold = notThresholded(classes) === null ? thresholdOf(choice) : null;
  if (!calibrate && !threshold) return null;
  return { ...(calibrate && { calibrate }), ...(threshold && { threshold }) };
}

/** As the command line spells it: `cost:1,5`. */
export function thresholdWord(threshold: ThresholdChoice): string {
  if (typeof threshold === 'string') return snake(threshold);
  if ('cost' in threshold) return `cost:${threshold.cost.falsePositive},${threshold.cost.falseNegative}`;
  return Object.entries(threshold)
    .map(([aim, least]) => `${snake(aim)}:${least}`)
    .join();
}

/** What a threshold was chosen for: `the best precision at a recall of 0.8`. */
export function aimText(threshold: ThresholdChoice): string {
  const label = (aim: string) => AIMS.find(([name]) => name === aim)?.[1] ?? aim;
  if (typeof threshold === 'string') return label(threshold);
  if ('cost' in threshold) {
    const { falsePositive, falseNegative } = threshold.cost;
    return `${label('cost')}, false alarms at ${format.number(falsePositive)} and misses at ${format.number(falseNegative)}`;
  }
  const [[aim, least] = ['', 0]] = Object.entries(threshold);
  return `${label(aim)} of ${format.number(least)}`;
}

/** What was chosen, in a few words; empty where nothing was. */
export function adjustmentText({ calibrate, threshold }: Adjustment): string {
  return [calibrate, threshold && aimText(threshold)].filter(Boolean).join('; ');
}

/** How a model's probabilities were corrected and by what it decides, as sentences; none where all is as usual.
 * The reason is not in its file. */
export function decisionTexts(info: ModelInfo, chosen: Adjustment | null | undefined): string[] {
  const { calibration, threshold, schema, provenance } = info;
  const method = METHODS.find(([name]) => name === calibration?.kind)?.[1];
  const second = schema.task.kind === 'classification' ? schema.task.classes[1] : undefined;
  const aim = chosen?.threshold ? `, for ${aimText(chosen.threshold)}` : '';
  // An anomaly's score has a threshold always, and its picture shows it.
  const decides = threshold !== undefined && provenance.learner.kind !== 'isolation-forest';
  return [
    ...(method ? [`Probabilities calibrated by ${method}`] : []),
    ...(decides ? [`Predicts ${second} from ${format.percent(threshold)} on${aim}`] : []),
  ];
}
