import { createHash } from 'node:crypto';

/** The class that every plot of the page gets, so that Plot's style element always has the same text. */
const CLASS = 'plot';

/** What Observable Plot 0.6 writes into each of its pictures; a test of the page notices if it changes. */
const STYLE = `:where(.${CLASS}) {
  --plot-background: white;
  display: block;
  height: auto;
  height: intrinsic;
  max-width: 100%;
}
:where(.${CLASS} text),
:where(.${CLASS} tspan) {
  white-space: pre;
}`;

export const PLOT_STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;
