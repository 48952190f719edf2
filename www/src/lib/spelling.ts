/** `maxDepth` as the command line and model files spell it: `max_depth`. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
