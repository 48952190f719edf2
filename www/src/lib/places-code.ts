/** Code that goes through places by their kinds: files one after the other, services asked first. */
import { literal, shellWord } from './code.ts';
import { askedOf, withoutSlash } from './services.ts';

interface Place<Kind extends string> {
  name: string;
  kind: Kind;
}

/** The names of the places of a kind. */
export function named<Kind extends string>(places: readonly Place<Kind>[], kind: Kind): string[] {
  return places.filter((place) => place.kind === kind).map(({ name }) => name);
}

/** A loop over a list, where there is any. */
export function each(name: string, list: string[], body: string[]): string[] {
  if (list.length === 0) return [];
  return [`for (const ${name} of ${literal(list)}) {`, ...body.map((line) => `  ${line}`), '}'];
}

/** What services have at a path, saved as files: their names, and the lines that save them. */
export function saved(
  urls: readonly string[],
  { path, stem, ending }: { path: string; stem: string; ending: string },
): { files: string[]; lines: string[] } {
  const files = urls.map((_, index) => `${stem}-${index + 1}.${ending}`);
  const lines = urls.map((url, index) => `curl -fsSo ${files[index]} ${shellWord(askedAt(url, path))}`);
  return { files, lines };
}

/** Where a service has what is asked for; an address may say it itself, with a time. */
function askedAt(address: string, path: string): string {
  return askedOf(address).url === address ? `${withoutSlash(address)}/${path}` : address;
}
