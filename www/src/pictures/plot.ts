/** What the pictures use of Observable Plot, named one by one so that the rest is left out of the build. */
export { areaY, barX, cell, dot, line, plot, rectY, ruleX, ruleY, text } from '@observablehq/plot';
