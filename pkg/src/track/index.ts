/// <reference lib="esnext.disposable" preserve="true" />
/**
 * A record of what was trained, on the user's own machine: runs, data sets, models.
 *
 * @packageDocumentation
 */
import { openLine } from '#track';
import type { WorkspaceOptions } from './line.js';
import { Workspace } from './workspace.js';

export { HedgerowError } from '../error.js';
export type {
  Alias,
  Artifact,
  ColumnDifference,
  ColumnSummary,
  Comparison,
  Dataset,
  DatasetDifference,
  Difference,
  Entry,
  Experiment,
  Export,
  Input,
  KeptDataset,
  Lineage,
  Merged,
  MetricDifference,
  Move,
  NewVersion,
  Node,
  NodeKind,
  Page,
  Point,
  Pulled,
  Pushed,
  Query,
  RegisteredModel,
  Run,
  Selection,
  Series,
  Status,
  Verified,
  Version,
} from './hedgerow_track.js';
export type { StorageInfo, WorkspaceOptions } from './line.js';
export type { TransferProgress } from './mlflow/transfer.js';
export type { ActiveRun, ChildOptions, EndStatus, TableLike, Texts } from './run.js';
export type { PullOptions, PushOptions, StartOptions, Workspace } from './workspace.js';

/**
 * Opens a workspace, or makes one where there is none. In a browser it is in the private file system of the
 * page's origin, and all its tabs may use it; in Node, Deno and Bun it is a file, which several processes
 * may use.
 *
 * @throws {HedgerowError} `no_private_files`, `not_a_workspace`, `workspace_later_version`,
 * `workspace_damaged`, `workspace_busy`, `workspace_full`, `not_loaded`.
 */
export async function openWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  return new Workspace(await openLine(options), options.author ?? '');
}
