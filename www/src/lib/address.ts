/** Addresses of the views: `#/view/part`. A new view is a new line here and in the rail. */
export const VIEWS = {
  data: 'Data',
  train: 'Train',
  result: 'Result',
  runs: 'Runs',
  models: 'Models',
  deploy: 'Deploy',
  monitor: 'Monitor',
} as const;

export type View = keyof typeof VIEWS;

export interface Address {
  view: View;
  part: string;
}

export function isView(name: string): name is View {
  return Object.hasOwn(VIEWS, name);
}

/** The address in a location hash; an unknown one is the first view. */
export function parseAddress(hash: string): Address {
  const [view = '', ...rest] = hash.replace(/^#\/?/, '').split('/');
  return isView(view) ? { view, part: decodeURIComponent(rest.join('/')) } : { view: 'data', part: '' };
}

export function addressOf(view: View, part = ''): string {
  return `#/${view}${part ? `/${part.split('/').map(encoded).join('/')}` : ''}`;
}

/** Lists of ids stay readable. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%2C', ',');
}
