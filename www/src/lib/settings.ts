/** Small settings that survive a reload. What is large is kept by the worker. */
const PREFIX = 'hedgerow.';

export function loadSetting<T>(name: string): T | undefined {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

/** A browser that refuses to store is no obstacle: the setting lasts as long as the page. */
export function saveSetting(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    return;
  }
}
