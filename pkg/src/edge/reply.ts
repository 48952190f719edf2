/** Answers. */

/** A value as JSON; what is `undefined` is left out. */
export function json(body: unknown, status = 200, headers?: Record<string, string>): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** A text. */
export function text(body: string, type = 'text/plain; charset=utf-8'): Response {
  return new Response(body, { headers: { 'content-type': type } });
}
