/** The id by which what comes of a prediction is joined with it. */

/** The header that names a request, and its answer. */
export const REQUEST_ID = 'x-request-id';

/** The request's own id where it is short and printable, or else a new one. */
export function idOf(request: Request): string {
  const given = request.headers.get(REQUEST_ID);
  return given !== null && /^[\x21-\x7e]{1,128}$/.test(given) ? given : crypto.randomUUID();
}
