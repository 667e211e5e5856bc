/**
 * What a clerk typed and the server has not confirmed, kept on this device by person and document: updates that go out
 * again, drafts that were refused. Owns the database; never holds a copy of a document.
 */
import type { OwnWords } from "./own-words";

export interface Draft {
  id: string;
  /** Why the server did not take the words. */
  why: "stale" | "forbidden" | "malformed";
  at: string;
  words: readonly OwnWords[];
}

interface KeptUpdate {
  owner: string;
  client: number;
  update: Uint8Array<ArrayBuffer>;
}

const NAME = "yunting";
const UPDATES = "unconfirmed";
const DRAFTS = "drafts";
const BY_OWNER = "owner";

/** Answer of the database; a browser without one keeps nothing, which `isKeeping` says. */
const answer = <T>(asked: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

const finished = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });

function open(): Promise<IDBDatabase> {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore(UPDATES, { autoIncrement: true }).createIndex(BY_OWNER, "owner");
    asked.result.createObjectStore(DRAFTS, { keyPath: "id" }).createIndex(BY_OWNER, "owner");
  };
  return answer(asked);
}

async function within<T>(stores: string[], mode: IDBTransactionMode, work: (transaction: IDBTransaction) => T): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(stores, mode);
    const made = work(transaction);
    await finished(transaction);
    return made;
  } finally {
    database.close();
  }
}

const ownerOf = (person: string, document: string): string => `${person} ${document}`;

/** Everybody's of one person: from "p " to just before "p!". */
const ofPerson = (person: string): IDBKeyRange => IDBKeyRange.bound(`${person} `, `${person}!`, false, true);

export class Kept {
  private readonly owner: string;
  /** One thing after the other: what is cleared stays cleared. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(person: string, document: string) {
    this.owner = ownerOf(person, document);
  }

  add(client: number, updates: readonly Uint8Array[]): Promise<void> {
    return this.after(() =>
      within([UPDATES], "readwrite", (transaction) => {
        for (const update of updates) {
          const kept: KeptUpdate = { owner: this.owner, client, update: new Uint8Array(update) };
          transaction.objectStore(UPDATES).add(kept);
        }
      }),
    );
  }

  /** The updates of earlier pages. */
  async updates(): Promise<Array<{ client: number; update: Uint8Array }>> {
    const asked = await this.after(() =>
      within([UPDATES], "readonly", (transaction) => transaction.objectStore(UPDATES).index(BY_OWNER).getAll(this.owner)),
    );
    return asked.result as KeptUpdate[];
  }

  /** Confirmed or refused: the updates of these clients are of no more use. */
  dropUpdates(clients: ReadonlySet<number>): Promise<void> {
    return this.after(() =>
      within([UPDATES], "readwrite", (transaction) => {
        const asked = transaction.objectStore(UPDATES).index(BY_OWNER).openCursor(this.owner);
        asked.onsuccess = () => {
          const cursor = asked.result;
          if (cursor && clients.has((cursor.value as KeptUpdate).client)) cursor.delete();
          cursor?.continue();
        };
      }),
    );
  }

  async drafts(): Promise<Draft[]> {
    const asked = await this.after(() =>
      within([DRAFTS], "readonly", (transaction) => transaction.objectStore(DRAFTS).index(BY_OWNER).getAll(this.owner)),
    );
    return asked.result as Draft[];
  }

  addDraft(draft: Draft): Promise<void> {
    return this.after(() =>
      within([DRAFTS], "readwrite", (transaction) => {
        transaction.objectStore(DRAFTS).put({ ...draft, owner: this.owner });
      }),
    );
  }

  dropDraft(id: string): Promise<void> {
    return this.after(() =>
      within([DRAFTS], "readwrite", (transaction) => {
        transaction.objectStore(DRAFTS).delete(id);
      }),
    );
  }

  private after<T>(work: () => Promise<T>): Promise<T> {
    const next = this.queue.then(work, work);
    this.queue = next.catch(() => undefined);
    return next;
  }
}

/** Nothing of this person's stays on the device: after a logout, or when the court isolates them. */
export async function forgetKept(person: string): Promise<void> {
  await within([UPDATES, DRAFTS], "readwrite", (transaction) => {
    for (const store of [UPDATES, DRAFTS]) {
      const asked = transaction.objectStore(store).index(BY_OWNER).openCursor(ofPerson(person));
      asked.onsuccess = () => {
        asked.result?.delete();
        asked.result?.continue();
      };
    }
  });
}
