/** The pictures of a result, in the order in which they answer questions. */
import type { Importance, ModelFacts, Report } from '../worker/protocol.ts';
import { coefficientPicture } from './coefficients.ts';
import { confusion } from './confusion.ts';
import { calibration, precisionRecall, roc } from './curves.ts';
import { trainingHistory } from './history.ts';
import { impurityImportance, permutationImportance } from './importance.ts';
import type { FigureProps } from './kinds.ts';
import { predictedActual, residualHistogram } from './residuals.ts';

const METRICS: Record<string, string> = {
  accuracy: 'accuracy',
  balancedAccuracy: 'balanced accuracy',
  logLoss: 'log loss',
  rocAuc: 'ROC AUC',
  r2: 'R²',
  rmse: 'RMSE',
  mae: 'MAE',
};

function reportFigures(report: Report): FigureProps[] {
  if (report.task === 'regression') return [predictedActual(report), residualHistogram(report)];
  const matrix = report.confusion.length > 0 ? [confusion(report)] : [];
  return [...matrix, roc(report), precisionRecall(report), calibration(report)];
}

export function figures(
  model: ModelFacts,
  report: Report | null,
  importance: Importance | null,
): FigureProps[] {
  const { schema, provenance } = model.info;
  const names = schema.features.map(({ name }) => name);
  return [
    ...(report ? reportFigures(report) : []),
    ...coefficientPicture(model),
    ...(provenance.feature_importances.some((share) => share > 0)
      ? [impurityImportance(names, provenance.feature_importances)]
      : []),
    ...(importance
      ? [permutationImportance(importance, METRICS[importance.metric] ?? importance.metric)]
      : []),
    ...trainingHistory(model),
  ];
}
