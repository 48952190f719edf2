/** What a model can be exported to. */
import type { TargetFacts } from './export/hedgerow_export.js';

/** The targets of `model.export`, each with a title, what comes out, and what it takes to run it. */
export async function exportTargets(): Promise<TargetFacts[]> {
  const { targetFacts } = await import('./export.js');
  return targetFacts();
}
