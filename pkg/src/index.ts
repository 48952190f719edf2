/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Hedgerow trains, evaluates and runs tabular models where the data already is.
 *
 * @packageDocumentation
 */
import './instance.js';

export type { Tuned } from './choose.js';
export { compare, crossValidate, learningCurve, tune } from './choose.js';
export type { ColumnData, ColumnInput, NumericColumn, StringColumn, Value } from './columns.js';
export type { ReadOptions, ReadProgress } from './csv.js';
export { HedgerowError } from './error.js';
export type { EvaluateOptions } from './evaluate.js';
export type { ExportedFile, Target as ExportTarget, TargetFacts } from './export/hedgerow_export.js';
export { learners } from './learners.js';
export type { EvaluateProgress } from './measure.js';
export type {
  ClassColumns,
  ClassPrediction,
  ExportOptions,
  ModelInfo,
  NumberColumns,
  PredictionColumns,
  RouterExportOptions,
} from './model.js';
export { Model } from './model.js';
export type {
  ChooseProgress,
  CompareOptions,
  CrossValidateOptions,
  LearningCurveOptions,
  Studies,
  StudyName,
  TuneOptions,
} from './plans.js';
export type { Recipe } from './recipe.js';
export { recipe } from './recipe.js';
export type { RecordOptions, RunRecorder } from './record.js';
export type { Source } from './source.js';
export type { ColumnOptions, Fold, Row, RowInput, Split } from './table.js';
export { Table } from './table.js';
export { exportTargets } from './targets.js';
export type { TrainOptions, TrainProgress } from './train.js';
export { train } from './train.js';
export type {
  AdjustOptions,
  Calibration,
  CalibrationBin,
  CalibrationMethod,
  Choice,
  ClassCurves,
  ClassificationMetrics,
  ClassificationReport,
  ClassMetrics,
  Coefficient,
  ColumnImportance,
  ColumnSummary,
  Comparison,
  Contender,
  CrossValidation,
  CsvOptions,
  CurvePoint,
  Declaration,
  Details,
  ElasticNet,
  ErrorCosts,
  Estimate,
  Failure,
  Field,
  FoldOptions,
  FoldResult,
  FoldSplit,
  Histogram,
  Importance,
  ImportanceMetric,
  ImportanceOptions,
  Isotonic,
  Kind,
  Learner,
  LearnerRecord,
  LearningCurve,
  LinearRegression,
  LogisticRegression,
  Parameter,
  PrecisionRecallCurve,
  PreparationOptions,
  Provenance,
  Quantile,
  Quantiles,
  RandomForest,
  RegressionMetrics,
  RegressionReport,
  Report,
  ResidualHistogram,
  ResidualScatter,
  Residuals,
  Ridge,
  RocCurve,
  Schema,
  Score,
  Search,
  Sigmoid,
  SplitOptions,
  Spread,
  Task,
  ThresholdChoice,
  TopValue,
  TrainingData,
  TreeNode,
  TreePicture,
  Trial,
  TuneStrategy,
  Tuning,
  Warning,
  WarningCode,
} from './wasm/hedgerow.js';
