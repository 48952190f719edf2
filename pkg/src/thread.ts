/** A worker of whatever platform. */
export interface Thread {
  post(message: unknown, transfer: Transferable[]): void;
  /** `onFailure` is told when the worker cannot start, crashes or ends. */
  listen(onMessage: (message: unknown) => void, onFailure: (reason: string) => void): void;
  terminate(): void;
}

/** A web worker as a `Thread`. */
export function webThread(worker: Worker): Thread {
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(onMessage, onFailure) {
      worker.onmessage = (event) => onMessage(event.data);
      worker.onmessageerror = () => onFailure('a message could not be read');
      worker.onerror = (event) => {
        event.preventDefault?.();
        onFailure(event.message || 'its script could not be loaded');
      };
    },
    terminate: () => worker.terminate(),
  };
}
