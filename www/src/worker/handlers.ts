/** The calls of the protocol by name. */
import { abCompare, abFile, abPlan, abService } from './ab.ts';
import { anomalies } from './anomalies.ts';
import type { Answer, Args, CallName } from './calls.ts';
import { challenge, challengeable } from './challenger.ts';
import { exportTo, routerZip, targets, zip } from './exports.ts';
import { learners } from './learners.ts';
import { pullExperiment, pushWorkspace } from './mlflow.ts';
import {
  evaluate,
  exampleRow,
  importance,
  modelFile,
  openModel,
  predict,
  predictTable,
  train,
  tree,
} from './models.ts';
import {
  defaultRules,
  driftReport,
  keepSeen,
  lookAtFile,
  lookAtService,
  serviceDays,
  watch,
} from './monitoring.ts';
import { peek } from './peek.ts';
import { challengerFile, registerChallenger } from './promotion.ts';
import type { Progress } from './protocol.ts';
import { restore } from './restore.ts';
import { compare, learningCurve, tune, useTuned } from './studies.ts';
import { dropMissing, openTable, rows, setKind, summarize } from './tables.ts';
import {
  artifact,
  downloadWorkspace,
  mergeFile,
  noteExport,
  noteRouter,
  openRun,
  registerModel,
  setAuthor,
  tracked,
  trackInfo,
} from './track.ts';
import { tryRow } from './trying.ts';

/** What a running call can use beside its arguments. */
export interface Context {
  signal: AbortSignal;
  progress(progress: Progress): void;
}

type Handlers = {
  [Name in CallName]: (args: Args<Name>, context: Context) => Answer<Name> | Promise<Answer<Name>>;
};

export const handlers: Handlers = {
  openTable,
  peek,
  summarize,
  rows,
  setKind,
  dropMissing,
  learners,
  compare,
  tune,
  useTuned,
  learningCurve,
  train,
  importance,
  evaluate,
  anomalies,
  openModel,
  modelFile,
  tree,
  predict,
  exampleRow,
  predictTable,
  targets,
  exportTo,
  zip,
  routerZip,
  tryRow,
  watch,
  lookAtFile,
  lookAtService,
  serviceDays,
  driftReport,
  defaultRules,
  keepSeen,
  abFile,
  abService,
  abCompare,
  abPlan,
  challengeable,
  challenge,
  registerChallenger,
  challengerFile,
  restore,
  trackInfo,
  artifact,
  openRun,
  registerModel,
  noteExport,
  noteRouter,
  setAuthor,
  downloadWorkspace,
  mergeFile,
  pushWorkspace,
  pullExperiment,
  ...tracked,
};
