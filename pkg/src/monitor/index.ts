/**
 * What a deployed model sees beside what it was trained on: profiles, drift, alarms; which variant of an A/B test is
 * better, and whether a challenger takes the champion's place.
 *
 * @packageDocumentation
 */
import '../instance.js';

export { HedgerowError } from '../error.js';
export type { JudgeOptions } from './challenger.js';
export { checkRows, judge } from './challenger.js';
export type { VariantColumns } from './experiment.js';
export {
  compareVariants,
  countVariants,
  fetchExperiment,
  mergeCounts,
  planExperiment,
} from './experiment.js';
export type {
  Adjusted,
  AdwinOptions,
  Alarm,
  AnyTime,
  Arm,
  Change,
  ColumnDrift,
  CompareOptions,
  Condition,
  Covariate,
  DriftOptions,
  DriftReport,
  Estimate,
  Experiment,
  ExperimentPlan,
  ExperimentReport,
  Figure,
  Finding,
  FindingCode,
  Judgement,
  MeanChange,
  MetricFigure,
  PageHinkleyOptions,
  Performance,
  Picture,
  PlanOptions,
  Posterior,
  PromotionRule,
  Rule,
  SampleRatio,
  Segment,
  Side,
  Test,
  TestResult,
  Units,
  Untested,
  VariantComparison,
  VariantReport,
  Verdict,
} from './hedgerow_monitor.js';
export type { WatchOptions } from './module.js';
export type { MonitorOptions, MonitorReport, ReportOptions } from './monitor.js';
export { Monitor } from './monitor.js';
export type { FetchOptions, ProfileOptions, ServedHour } from './service.js';
export { ChangeDetector } from './stream.js';
export type { Counted, Profiled } from './watcher.js';
