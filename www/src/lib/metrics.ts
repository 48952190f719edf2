/** The metrics that one may choose by, for each task; the package's default first. */
import * as format from './format.ts';
import type { TaskKind } from './target.ts';

interface Metric {
  name: string;
  label: string;
  lowerIsBetter?: true;
  /** In the target's unit, or of any size. */
  unbounded?: true;
}

const CLASSES: Metric[] = [
  { name: 'accuracy', label: 'Accuracy' },
  { name: 'balancedAccuracy', label: 'Balanced accuracy' },
  { name: 'rocAuc', label: 'ROC AUC' },
  { name: 'averagePrecision', label: 'Average precision' },
  { name: 'f1Macro', label: 'F1, macro' },
  { name: 'mcc', label: 'Matthews correlation' },
  { name: 'logLoss', label: 'Log loss', lowerIsBetter: true },
  { name: 'brier', label: 'Brier score', lowerIsBetter: true },
];

const NUMBERS: Metric[] = [
  { name: 'r2', label: 'R²' },
  { name: 'rmse', label: 'RMSE', lowerIsBetter: true, unbounded: true },
  { name: 'mae', label: 'MAE', lowerIsBetter: true, unbounded: true },
  { name: 'medianAbsoluteError', label: 'Median error', lowerIsBetter: true, unbounded: true },
];

export function metricsOf(task: TaskKind): Metric[] {
  return task === 'regression' ? NUMBERS : CLASSES;
}

function metric(name: string): Metric {
  return [...CLASSES, ...NUMBERS].find((one) => one.name === name) ?? { name, label: name };
}

export function metricLabel(name: string): string {
  return metric(name).label;
}

export function metricText(name: string, value: number | null | undefined): string {
  return metric(name).unbounded ? format.number(value) : format.score(value);
}

export function lowerIsBetter(name: string): boolean {
  return metric(name).lowerIsBetter ?? false;
}

/** `0.942 ± 0.011`. */
export function estimateText(name: string, { mean, std }: { mean: number; std: number }): string {
  return `${metricText(name, mean)} ± ${metricText(name, std)}`;
}

/** A difference with its sign. */
export function differenceText(name: string, value: number): string {
  const size = metricText(name, Math.abs(value));
  return `${value < 0 ? '−' : '+'}${size}`;
}
