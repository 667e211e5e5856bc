/** The exhibits of one hearing on this page: the list, and the one that is open. Owns their life and what an address names; draws nothing. */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { Collab } from "../documents/collab";
import type { HearingRoom } from "../hearing/room";
import { type ExhibitPlace, go, hearingPath, route } from "../route";
import { colorOf } from "../transcript/colors";
import { ExhibitList } from "./exhibit-list";
import { topOf } from "./marks";
import { OpenExhibit } from "./open-exhibit";
import { coolDown, warmUp } from "./pdf-file";

const SITTING: ReadonlySet<string | null> = new Set(["IN_SESSION", "RECESS"]);
const rooms = new WeakMap<HearingRoom, ExhibitRoom>();

/** The same one as long as the hearing is shown; a fresh one after it was cleared. */
export function exhibitsOf(room: HearingRoom): ExhibitRoom {
  const known = rooms.get(room);
  if (known) return known;
  const made = new ExhibitRoom(room);
  rooms.set(room, made);
  return made;
}

export class ExhibitRoom {
  readonly open = signal<OpenExhibit | null>(null);
  readonly list: ExhibitList;
  /** The one that was gone back from: the list takes the focus there. */
  left: string | null = null;
  private readonly stops: Array<() => void> = [];
  private isClosed = false;

  constructor(private readonly room: HearingRoom) {
    this.list = new ExhibitList(room.hearing);
    void warmUp().catch(() => undefined); // asked for again when something is opened
    this.stops.push(room.whenCleared(() => this.close()), this.followNews(), this.followAddress());
  }

  show(id: string): OpenExhibit | null {
    const open = this.open.peek();
    if (open?.exhibit.id === id) return open;
    const exhibit = this.list.exhibits.peek()?.find((each) => each.id === id);
    const you = this.room.model.you.peek();
    if (!exhibit || !you || exhibit.state !== "ready") return null;
    open?.close();
    const { hearing, collab, isOnline, model } = this.room;
    const isMarked = (): boolean => SITTING.has(model.phase.value) && this.list.withdrawalOf(id) === null;
    const isSitting = computed(() => isMarked() && model.you.value?.state === "IN_COURT");
    const me = { id: you.person, name: you.name, color: colorOf(you.person) };
    const nameOf = (person: string): string => model.roster.value.find((entry) => entry.person === person)?.name ?? person;
    this.open.value = new OpenExhibit(exhibit, { hearing, collab, isConnected: isOnline, isSitting, me, nameOf });
    return this.open.value;
  }

  /** Closes and opens it again, after a failure. */
  again(): void {
    const id = this.open.peek()?.exhibit.id;
    this.shut();
    if (id !== undefined) this.show(id);
  }

  /** To the list; the address names the exhibit no longer. */
  back(): void {
    this.left = this.open.peek()?.exhibit.id ?? null;
    this.shut();
    go(hearingPath(this.room.hearing), { replace: true });
  }

  private shut(): void {
    this.open.peek()?.close();
    this.open.value = null;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const stop of this.stops) stop();
    rooms.delete(this.room);
    this.shut();
    coolDown();
    this.list.close();
  }

  private followNews(): () => void {
    const { exhibitNews, model } = this.room;
    const news = (): string => `${exhibitNews.value} ${model.welcomes.value}`; // what was told during an outage is not told again
    let known = untracked(news);
    return effect(() => {
      const now = news();
      if (now !== known) untracked(() => void this.list.ask());
      known = now;
    });
  }

  /** Each address is gone to once, as soon as the list is there. */
  private followAddress(): () => void {
    let done: ExhibitPlace | null = null;
    return effect(() => {
      const here = route.value;
      const place = here.page === "hearing" ? here.exhibit : null;
      if (!place || place === done || !this.list.exhibits.value || !this.room.model.you.value || !this.room.collab.value) return;
      done = place;
      untracked(() => ("exhibit" in place ? this.goToPage(place.exhibit, place.page) : void this.goToMark(place.annotation)));
    });
  }

  private goToPage(exhibit: string, page: number | null): void {
    const open = this.show(exhibit);
    if (open && page !== null) whenLaid(open, () => open.go(page - 1));
  }

  /** Its address does not say where it is: each exhibit's annotations are asked. */
  private async goToMark(id: string): Promise<void> {
    const collab = this.room.collab.peek();
    const ready = (this.list.exhibits.peek() ?? []).filter(({ state }) => state === "ready");
    for (const exhibit of ready) {
      if (!collab || this.isClosed) return;
      if (!(await isIn(collab, `${this.room.hearing}/annotations/${exhibit.id}`, id))) continue;
      const open = this.show(exhibit.id);
      if (open) goToMarkIn(open, id);
      return;
    }
  }
}

/** Whether a document holds an annotation; nothing of it is kept. */
function isIn(collab: Collab, name: string, id: string): Promise<boolean> {
  return new Promise((resolve) => {
    const document = collab.open(name, () => resolve(false));
    const stop = effect(() => {
      if (!document.synced.value) return;
      queueMicrotask(() => {
        stop();
        resolve(document.doc.getMap("annotations").has(id));
        document.close();
      });
    });
  });
}

function whenLaid(open: OpenExhibit, act: () => void): void {
  const stop = effect(() => {
    if (open.sheets.value.length === 0) return;
    queueMicrotask(() => stop());
    untracked(act);
  });
}

/** Once it has come: chosen, and the page scrolled to it. */
export function goToMarkIn(open: OpenExhibit, id: string): void {
  const stop = effect(() => {
    const mark = open.marks.value.find((each) => each.id === id);
    if (!mark || open.sheets.value.length === 0) return;
    queueMicrotask(() => stop());
    untracked(() => {
      const shown = mark.reply_to === undefined ? mark : (open.marks.peek().find((each) => each.id === mark.reply_to) ?? mark);
      open.chosen.value = shown.id;
      if (shown.page !== undefined) open.go(shown.page, topOf(shown));
    });
  });
}
