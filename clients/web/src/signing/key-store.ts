/**
 * Key pairs on this device, one a person and hearing: the private half stays unreadable, IndexedDB keeps the handle.
 * Owns the database; makes no key and signs nothing.
 */
interface KeptPair {
  id: string;
  pair: CryptoKeyPair;
}

const NAME = "yunting-keys";
const KEYS = "keys";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(KEYS, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** Done when it is on the disk. */
async function within<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction([KEYS], mode);
    const asked = ask(transaction.objectStore(KEYS));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    return asked.result;
  } finally {
    database.close();
  }
}

const idOf = (person: string, hearing: string): string => `${person} ${hearing}`;

export async function keptPair(person: string, hearing: string): Promise<CryptoKeyPair | null> {
  const kept = (await within("readonly", (store) => store.get(idOf(person, hearing)))) as KeptPair | undefined;
  return kept?.pair ?? null;
}

export async function keepPair(person: string, hearing: string, pair: CryptoKeyPair): Promise<void> {
  const kept: KeptPair = { id: idOf(person, hearing), pair };
  await within("readwrite", (store) => store.put(kept));
}

/** After a logout nobody signs with this person's keys here: from "p " to just before "p!". */
export async function forgetKeys(person: string): Promise<void> {
  await within("readwrite", (store) => store.delete(IDBKeyRange.bound(`${person} `, `${person}!`, false, true)));
}
