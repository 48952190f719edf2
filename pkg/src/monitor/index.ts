/**
 * What a deployed model sees beside what it was trained on: profiles, drift, alarms.
 *
 * @packageDocumentation
 */
import '../instance.js';

export { HedgerowError } from '../error.js';
export type {
  Alarm,
  Change,
  ColumnDrift,
  Condition,
  DriftOptions,
  DriftReport,
  Figure,
  Finding,
  FindingCode,
  MetricFigure,
  Performance,
  Picture,
  Rule,
  Segment,
  Side,
  Test,
  TestResult,
} from './hedgerow_monitor.js';
export type { WatchOptions } from './module.js';
export type { MonitorOptions, MonitorReport, ReportOptions } from './monitor.js';
export { Monitor } from './monitor.js';
export type { FetchOptions } from './service.js';
export type { Profiled } from './watcher.js';
