/** What a browser keeps a page from hearing of a server. Elsewhere nothing is kept from anyone. */

/** Hosts that browsers trust without https. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Milliseconds that a server has to show that it is there. */
const PATIENCE = 5_000;

/** Whether a host is this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}

/**
 * Why a page does not get a server's answers: `insecure` is a page that came over https and a server without,
 * `forbidden` the page's own Content-Security-Policy, `cors` a server that answers, but not to pages of this
 * origin. Undefined where nothing is known to be kept from it.
 */
export async function whyUnheard(
  base: string,
  signal?: AbortSignal,
): Promise<'insecure' | 'forbidden' | 'cors' | undefined> {
  // Node, Deno and Bun have no origin.
  const origin = globalThis.origin as string | undefined;
  if (!origin?.startsWith('http')) return undefined;
  const server = new URL(base);
  if (origin.startsWith('https:') && server.protocol === 'http:' && !isLoopback(server)) return 'insecure';
  return probe(base, signal);
}

/** Whether there is a server, which one may find out of any, but not what it says. */
async function probe(base: string, signal?: AbortSignal): Promise<'cors' | 'forbidden' | undefined> {
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
    return 'cors';
  } catch {
    signal?.throwIfAborted();
    // The violation is told of a little later.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return isForbidden ? 'forbidden' : undefined;
  } finally {
    globalThis.removeEventListener('securitypolicyviolation', note);
  }
}
