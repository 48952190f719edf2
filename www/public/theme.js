// Runs before the first paint, so that a chosen theme does not flash. The choice is made in src/state/theme.
const chosen = localStorage.getItem('hedgerow.theme');
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
