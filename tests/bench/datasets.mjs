/** The data sets of the benches, and how good a model of them is told. */

/** `peer` is the same data with numbers only, for peers that take nothing else. */
export const datasets = {
  letter: { target: 'lettr', task: 'classification', metric: 'accuracy' },
  credit: { target: 'Status', task: 'classification', metric: 'rocAuc' },
  flights: { target: 'delayed', task: 'classification', metric: 'rocAuc', peer: 'flights_num' },
  diamonds: { target: 'price', task: 'regression', metric: 'rmse', peer: 'diamonds_num' },
  synth200k: { target: 'y', task: 'classification', metric: 'accuracy' },
};
