/** One training as a run. */
import type { Report, recipe as recipeOf } from 'hedgerow';
import { type Plan, splitOf } from '../lib/plan.ts';
import type { Recipe } from '../lib/recipe.ts';
import { REPORT_FILE } from '../lib/run-facts.ts';
import { trainOptions } from './learners.ts';
import { Recording } from './recording.ts';
import { theLoaded } from './session.ts';
import { csvOptions } from './tables.ts';

/** A run that can be done again by the command line: it remembers how the file was read and split, too. */
export function recordTraining(plan: Plan, read: Recipe, recipe: typeof recipeOf): Recording {
  const loaded = theLoaded();
  const complete = () => ({
    ...recipe(loaded.table, { ...trainOptions(plan), ...plan.adjustment }),
    split: splitOf(plan),
    read: { csv: { ...csvOptions(read), kinds: read.kinds }, dropMissingIn: read.dropped },
  });
  return new Recording(loaded, () => {
    try {
      return { name: plan.learner.kind, recipe: complete() };
    } catch {
      // What cannot be done once cannot be done again: the training says why, and the run is of that.
      return { name: plan.learner.kind };
    }
  });
}

/** Adds what the model is worth on rows that it has not seen, by the names that the command line has. */
export function logReport(recording: Recording, report: Report): void {
  for (const [name, value] of Object.entries(report.metrics)) {
    if (typeof value === 'number' && Number.isFinite(value)) recording.logMetric(name, value, { step: 0 });
  }
  void recording.logArtifact(REPORT_FILE, JSON.stringify(report));
}
