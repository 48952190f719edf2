/** Does some work now, and again and again while the page is looked at; the answer ends it. */
export function again(work: () => Promise<unknown>, pause: () => number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const go = async () => {
    if (!document.hidden) await work();
    if (!ended) timer = setTimeout(go, pause());
  };
  void go();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
