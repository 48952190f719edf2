/** The package, loaded with the first call that needs it. Nothing else in the page imports it. */
type Library = typeof import('hedgerow');

let loading: Promise<Library> | undefined;

/** What monitors, loaded with its first use. */
export function monitoring(): Promise<typeof import('hedgerow/monitor')> {
  return import('hedgerow/monitor');
}

export function library(): Promise<Library> {
  loading ??= import('hedgerow').catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
