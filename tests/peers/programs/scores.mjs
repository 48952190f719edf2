/** Scores of peers in JavaScript, from the probabilities of all classes, row by row. */

/** `probabilities[row * classes.length + index]` is that of `classes[index]`. */
export function scores(actual, classes, probabilities) {
  const row = (index) => probabilities.slice(index * classes.length, (index + 1) * classes.length);
  const right = actual.filter((label, index) => {
    const of = row(index);
    return classes[of.indexOf(Math.max(...of))] === label;
  });
  const metrics = { accuracy: right.length / actual.length };
  if (classes.length === 2) {
    const positive = [...classes].sort()[1];
    const place = classes.indexOf(positive);
    const scored = actual.map((label, index) => ({ yes: label === positive, score: row(index)[place] }));
    metrics.rocAuc = rocAuc(scored);
  }
  return metrics;
}

/** The area under the ROC curve by ranks (Mann and Whitney); rows that tie share their mean rank. */
function rocAuc(scored) {
  const sorted = scored.toSorted((a, b) => a.score - b.score);
  const positives = sorted.filter(({ yes }) => yes).length;
  let ranks = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to].score === sorted[from].score) to++;
    const tied = sorted.slice(from, to).filter(({ yes }) => yes).length;
    ranks += (tied * (from + to + 1)) / 2;
    from = to;
  }
  const least = (positives * (positives + 1)) / 2;
  return (ranks - least) / (positives * (sorted.length - positives));
}
