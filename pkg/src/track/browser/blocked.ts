/** What browsers keep pages from, and what is to be done about it. */
import { HedgerowError } from '../../error.js';
import { isLoopback, whyUnheard } from '../../reach.js';

/** Hosts that an MLflow server answers to without being told. */
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

/** Why the browser does not let this page have a server's answers; undefined where that is not known to be so. */
export async function whyBlocked(base: string, signal?: AbortSignal): Promise<HedgerowError | undefined> {
  const { origin } = globalThis;
  const server = new URL(base);
  switch (await whyUnheard(base, signal)) {
    case 'insecure':
      return blocked(
        `a page that came over https may not ask ${server.origin}, which is without. Give the server https, or use the command line: hedgerow push --to ${base}`,
      );
    case 'forbidden':
      return blocked(
        `this page's own Content-Security-Policy does not allow it to ask ${server.origin}. Add that to its connect-src.`,
      );
    case 'cors':
      return blocked(
        `the server at ${base} answers, but does not let pages of ${origin} read that (CORS). Start it with: ${command(server)}`,
      );
    default:
      return undefined;
  }
}

/** How an MLflow server is started that lets this page in. */
function command(server: URL): string {
  const isOwn = isLoopback(server) || PRIVATE.test(server.hostname);
  const hosts = isOwn ? '' : ` --allowed-hosts ${server.host}`;
  return `mlflow server --cors-allowed-origins ${globalThis.origin}${hosts}`;
}

function blocked(message: string): HedgerowError {
  return new HedgerowError(message, 'mlflow_blocked');
}
