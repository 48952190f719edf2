/** Bytes that survive a reload, by name, in IndexedDB. A browser that refuses to store is no obstacle. */
const STORE = 'kept';

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('hedgerow', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within<T>(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const open = await database();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = open.transaction(STORE, mode);
      const request = use(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    open.close();
  }
}

/** Keeps a value. Returns whether the browser had the room and the will. */
export async function keep(name: string, value: unknown): Promise<boolean> {
  return within('readwrite', (store) => store.put(value, name)).then(
    () => true,
    () => false,
  );
}

/** The kept value, or undefined. What has the wrong shape is the caller's to notice. */
export async function kept<T>(name: string): Promise<T | undefined> {
  return within('readonly', (store) => store.get(name) as IDBRequest<T | undefined>).catch(() => undefined);
}

export async function forget(...names: string[]): Promise<void> {
  await Promise.all(names.map((name) => within('readwrite', (store) => store.delete(name)).catch(() => {})));
}
