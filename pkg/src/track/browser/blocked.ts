/** What browsers keep pages from, and what is to be done about it. */
import { HedgerowError } from '../../error.js';

/** Hosts that an MLflow server answers to without being told, and that browsers trust without https. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

/** Milliseconds that a server has to show that it is there. */
const PATIENCE = 5_000;

/** Why the browser does not let this page have a server's answers; undefined where that is not known to be so. */
export async function whyBlocked(base: string, signal?: AbortSignal): Promise<HedgerowError | undefined> {
  const { origin } = globalThis;
  const server = new URL(base);
  if (origin.startsWith('https:') && server.protocol === 'http:' && !LOOPBACK.test(server.hostname)) {
    return blocked(
      `a page that came over https may not ask ${server.origin}, which is without. Give the server https, or use the command line: hedgerow push --to ${base}`,
    );
  }
  switch (await probe(base, signal)) {
    case 'forbidden':
      return blocked(
        `this page's own Content-Security-Policy does not allow it to ask ${server.origin}. Add that to its connect-src.`,
      );
    case 'answers':
      return blocked(
        `the server at ${base} answers, but does not let pages of ${origin} read that (CORS). Start it with: ${command(server)}`,
      );
    default:
      return undefined;
  }
}

/** How an MLflow server is started that lets this page in. */
function command({ hostname, host }: URL): string {
  const hosts = LOOPBACK.test(hostname) || PRIVATE.test(hostname) ? '' : ` --allowed-hosts ${host}`;
  return `mlflow server --cors-allowed-origins ${globalThis.origin}${hosts}`;
}

function blocked(message: string): HedgerowError {
  return new HedgerowError(message, 'mlflow_blocked');
}

/** Whether there is a server, which one may find out of any, but not what it says. */
async function probe(base: string, signal?: AbortSignal): Promise<'answers' | 'forbidden' | 'silent'> {
  let isForbidden = false;
  const note = () => {
    isForbidden = true;
  };
  globalThis.addEventListener('securitypolicyviolation', note);
  try {
    const limit = AbortSignal.timeout(PATIENCE);
    await fetch(`${base}/health`, {
      mode: 'no-cors',
      credentials: 'omit',
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return 'answers';
  } catch {
    signal?.throwIfAborted();
    // The violation is told of a little later.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return isForbidden ? 'forbidden' : 'silent';
  } finally {
    globalThis.removeEventListener('securitypolicyviolation', note);
  }
}
