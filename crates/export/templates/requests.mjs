/** What Node has of a request, as the web's standards have it. */
function toRequest(incoming) {
  const { method, url, headers } = incoming;
  const body = method === 'GET' || method === 'HEAD' ? undefined : bodyOf(incoming);
  const known = Object.entries(headers).filter(([, value]) => typeof value === 'string');
  return new Request(new URL(url, 'http://localhost'), { method, headers: known, body, duplex: 'half' });
}

/** A body of which not all may be read; the connection then stays, for the answer and the next request. */
function bodyOf(incoming) {
  const chunks = incoming.iterator({ destroyOnReturn: false });
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => chunks.return(),
  });
}

