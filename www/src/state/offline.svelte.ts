/** The service worker that makes the page work offline, and whether a new version waits. */
class Offline {
  ready = $state(false);
  waiting = $state.raw<ServiceWorker | null>(null);

  async start(): Promise<void> {
    if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
    const registration = await navigator.serviceWorker.register('./service-worker.js').catch(() => null);
    if (!registration) return;
    this.waiting = registration.waiting;
    registration.addEventListener('updatefound', () => this.#follow(registration.installing));
    await navigator.serviceWorker.ready;
    this.ready = true;
  }

  #follow(installing: ServiceWorker | null): void {
    installing?.addEventListener('statechange', () => {
      const updates = installing.state === 'installed' && navigator.serviceWorker.controller !== null;
      if (updates) this.waiting = installing;
    });
  }

  /** Lets the new version take over, and loads it. */
  update(): void {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    this.waiting?.postMessage('take over');
  }
}

export const offline = new Offline();
