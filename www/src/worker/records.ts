/** A training or study as a run, with a recipe by which the command line does it again. */
import type { Report, recipe as recipeOf, Studies, StudyName, Table } from 'hedgerow';
import { type Plan, splitOf } from '../lib/plan.ts';
import type { Recipe } from '../lib/recipe.ts';
import { REPORT_FILE } from '../lib/run-facts.ts';
import { trainOptions } from './learners.ts';
import { type Begin, Recording, start, TrainingRecording } from './recording.ts';
import { theLoaded } from './session.ts';
import { csvOptions } from './tables.ts';

const STUDIES: Record<StudyName, string> = {
  crossValidate: 'cross-validation',
  learningCurve: 'learning curve',
  compare: 'comparison',
  tune: 'tuning',
};

export function recordTraining(plan: Plan, read: Recipe, recipe: typeof recipeOf): Recording {
  const loaded = theLoaded();
  const complete = () => ({
    ...recipe(loaded.table, {
      ...trainOptions(plan),
      ...plan.adjustment,
      ...(plan.profile && { profile: true }),
    }),
    split: splitOf(plan),
  });
  return new TrainingRecording(loaded, start(loaded.name, begin(plan.learner.kind, read, complete)));
}

export function recordStudy<Name extends StudyName>(
  name: Name,
  options: Studies[Name],
  read: Recipe,
  recipe: typeof recipeOf,
): Recording {
  const loaded = theLoaded();
  const complete = () => recipe(loaded.table, options, name);
  return new Recording(loaded, start(loaded.name, begin(STUDIES[name], read, complete)));
}

/** The training of a challenger; `complete` makes its recipe. */
export function recordChallenger(
  { name, table, champion }: { name: string; table: Table; champion: string },
  complete: () => object,
): Recording {
  const begin: Begin = () => ({ name: `retrain ${champion}`, recipe: complete() });
  return new TrainingRecording({ name, table }, start(name, begin));
}

/** What a run is begun with: how the file was read is in its recipe, too. */
function begin(name: string, { kinds, dropped, ...reading }: Recipe, complete: () => object): Begin {
  const read = { csv: { ...csvOptions(reading), kinds }, dropMissingIn: dropped };
  return () => {
    try {
      return { name, recipe: { ...complete(), read } };
    } catch {
      // What cannot be done once cannot be done again: the work itself says why, and the run is of that.
      return { name };
    }
  };
}

/** Adds what the model is worth on rows that it has not seen, by the names that the command line has. */
export function logReport(recording: Recording, report: Report): void {
  for (const [name, value] of Object.entries(report.metrics)) {
    if (typeof value === 'number' && Number.isFinite(value)) recording.logMetric(name, value, { step: 0 });
  }
  void recording.logArtifact(REPORT_FILE, JSON.stringify(report));
}
