/** The numbers over the pictures. */
import type { Report } from 'hedgerow';
import * as format from './format.ts';

export interface Metric {
  label: string;
  /** What it means, for the title. */
  about: string;
  value: number | null;
  baseline: number | null;
  as: 'score' | 'number' | 'percent';
}

export interface Headline extends Metric {
  /** What the number says, as a sentence. */
  sentence: string;
  /** What the baseline is. */
  against: string;
}

export function headline(report: Report, commonest: string): Headline {
  if (report.task === 'classification') {
    const right = Math.round(report.metrics.accuracy * report.rows);
    return {
      label: 'Accuracy',
      about: 'Share of rows predicted right.',
      value: report.metrics.accuracy,
      baseline: report.baseline.accuracy,
      as: 'score',
      sentence: `${format.count(right)} of ${format.counted(report.rows, 'row')} right`,
      against: `always guessing ${commonest}`,
    };
  }
  return {
    label: 'R²',
    about: 'Share of the variation that is explained.',
    value: report.metrics.r2,
    baseline: report.baseline.r2,
    as: 'score',
    sentence: `off by ${format.number(report.metrics.mae)} on average`,
    against: 'always guessing the mean',
  };
}

export function metrics(report: Report): Metric[] {
  if (report.task === 'regression') {
    const { metrics, baseline } = report;
    return [
      metric('MAE', 'Mean size of the errors.', metrics.mae, baseline.mae, 'number'),
      metric('RMSE', 'Root of the mean squared error.', metrics.rmse, baseline.rmse, 'number'),
      metric(
        'Median error',
        'Half of the errors are smaller.',
        metrics.medianAbsoluteError,
        baseline.medianAbsoluteError,
        'number',
      ),
      metric(
        'MAPE',
        'Mean size of the errors as a share of the actual values.',
        metrics.mape,
        baseline.mape,
        'percent',
      ),
    ];
  }
  const { metrics, baseline } = report;
  return [
    metric(
      'Balanced accuracy',
      'Mean share found over the classes.',
      metrics.balancedAccuracy,
      baseline.balancedAccuracy,
    ),
    metric(
      'ROC AUC',
      'Chance that a row of a class ranks above one of another.',
      metrics.rocAuc,
      baseline.rocAuc,
    ),
    metric(
      'Average precision',
      'Area under the precision-recall curve.',
      metrics.averagePrecision,
      baseline.averagePrecision,
    ),
    metric('F1, macro', 'Mean F1 over the classes.', metrics.f1Macro, baseline.f1Macro),
    metric('Log loss', 'Lower is better.', metrics.logLoss, baseline.logLoss),
    metric('Brier score', 'Lower is better.', metrics.brier, baseline.brier),
    metric('MCC', 'Matthews correlation of actual and predicted.', metrics.mcc, baseline.mcc),
  ];
}

function metric(
  label: string,
  about: string,
  value: number | null,
  baseline: number | null,
  as: Metric['as'] = 'score',
): Metric {
  return { label, about, value, baseline, as };
}
