// A work in a page. Its steps hang on the window, for whoever measures them from outside.
import { steps } from '../programs/steps.mjs';

window.begin = (job) => {
  window.work = steps(job, (part) => fetch(job.csv[part]));
};
document.documentElement.dataset.ready = '';
