/** One person's way through one version: reading, checking, signing, the receipt. Owns its steps and requests; never draws. */
import { batch, computed, signal } from "@preact/signals";
import { asProblem, request, requestBytes } from "../session/http";
import { Problem } from "../session/problem";
import { base64, type Bytes, canonical } from "./bytes";
import type { Content } from "./content";
import { digestOf, type Envelope, sealed, type Statement } from "./envelope";
import { canSign, type Jwk, ownKey, type SigningKey } from "./keys";
import { logHead } from "./log-head";
import type { Frozen, Scope } from "./messages";
import { ownText } from "./own-text";
import { type Check, checkReceipt, type Receipt } from "./receipt";
import type { SigningRoom } from "./signing-room";
import { ToldLog } from "./told-log";
import { allAgree, compare, type Findings } from "./verification";

export type Step = "read" | "check" | "sign";

/** What became of comparing. */
export type Checking =
  | { is: "working" }
  | { is: "equal"; findings: Findings }
  | { is: "different"; findings: Findings }
  | { is: "failed"; problem: Problem };

interface Served {
  text: Bytes;
  pdf: string;
}

export interface Signature {
  /** A picture (PNG), null without one. */
  handwriting: Bytes | null;
  reservation: string;
  code: string;
}

export class OwnSigning {
  readonly step = signal<Step>("read");
  /** The text to read: the own copy's, or the extract that the court made of the own part. */
  readonly text = signal<Content | null>(null);
  /** The version before, to show what has changed. */
  readonly before = signal<Content | null>(null);
  /** The text is another than the one that was shown first: it has to be read again. */
  readonly isOther = signal(false);
  readonly checking = signal<Checking>({ is: "working" });
  readonly isBusy = signal(false);
  /** Why the last attempt to sign did not succeed. */
  readonly problem = signal<Problem | null>(null);
  readonly receipt = signal<Receipt | null>(null);
  readonly checks = signal<readonly Check[]>([]);
  readonly mayGoOn = computed(() => this.checking.value.is === "equal");
  private served: Served | null = null;
  private isReadingTold = false;
  private isFresh = false;
  /** What was sent and not answered: sent again it is the same signature. */
  private sent: { print: string; envelope: Envelope } | null = null;

  constructor(
    readonly room: SigningRoom,
    readonly frozen: Frozen,
    readonly scope: Scope,
    readonly previous: number | null,
  ) {}

  get v(): number {
    return this.frozen.v;
  }

  private get person(): string {
    return this.room.model.you.peek()?.person ?? "";
  }

  private get log(): ToldLog {
    return new ToldLog(this.room.hearing, this.room.model.log.entries.peek());
  }

  private at(what: string, v = this.v): string {
    return `${this.room.path}/${v}/${what}`;
  }

  readonly pdf = (): string => this.at("pdf");

  /** Fetches what the court serves, and compares it with what is here. What is compared is what is shown from then on. */
  async check(): Promise<void> {
    if (!this.mayGoOn.peek()) this.checking.value = { is: "working" };
    if (this.scope === "whole") this.text.value ??= this.copy(); // it is here: nobody waits for the PDF to read it
    try {
      const served = (this.served ??= await this.fetched());
      const text = this.scope === "part" ? read(served.text) : this.copy(); // once: the copy lives on while it is compared
      const findings = await this.compared(served, text);
      batch(() => this.found(text, findings));
    } catch (error) {
      this.checking.value = { is: "failed", problem: asProblem(error) };
    }
  }

  private found(text: Content | null, findings: Findings): void {
    const shown = this.text.peek();
    const isEqual = allAgree(findings);
    if (!isEqual) this.served = null;
    this.checking.value = { is: isEqual ? "equal" : "different", findings };
    if (text && shown && canonical(shown) !== canonical(text)) {
      this.isOther.value = true;
      this.step.value = "read";
    }
    if (!isEqual) this.step.value = "check";
    if (text) this.text.value = text;
  }

  /** The text, and the digest of its printed form: both are what a signature is over. */
  private async fetched(): Promise<Served> {
    const pdf = this.scope === "whole" ? requestBytes(this.pdf()).then(digestOf) : Promise.resolve("");
    const [text, digest] = await Promise.all([requestBytes(this.at("content")), pdf]);
    return { text, pdf: digest };
  }

  private copy(): Content | null {
    const copy = this.room.copy.value;
    return copy ? ownText(this.room.model, copy.doc) : null;
  }

  private async compared({ text, pdf }: Served, copy: Content | null): Promise<Findings> {
    const { person, scope, frozen, room } = this;
    const { log } = this;
    const entry = await log.told(frozen.seq);
    const isWithheld = !!entry && !entry.payload && (await log.isIsolated(person, frozen.seq));
    const part = room.view.peek()?.you.part_sha256 ?? "";
    return compare({ person, scope, part, frozen, entry, isWithheld, served: text, pdf, copy });
  }

  async loadBefore(): Promise<void> {
    if (this.previous === null || this.before.peek()) return;
    const bytes = await requestBytes(this.at("content", this.previous)).catch((error: unknown) => asProblem(error));
    // a version in which this person had no part is not theirs to read: then there is nothing to compare with
    if (!(bytes instanceof Problem)) this.before.value = read(bytes);
  }

  /** The court sees that somebody has begun to read, and has the key they will sign with. */
  async tellReading(): Promise<void> {
    if (this.isReadingTold) return;
    this.isReadingTold = true;
    try {
      if (canSign()) await this.boundKey(); // so early that it stands in the receipts of those who sign before
      await request(`${this.room.path}/reading`, { method: "POST", body: { v: this.v } });
    } catch (error) {
      this.isReadingTold = asProblem(error).status === 409;
    }
  }

  sendCode(): Promise<void> {
    return request(`${this.room.path}/code`, { method: "POST" });
  }

  /** Signs and sends; a lost answer is asked for again with the very same statement. */
  async sign(signature: Signature): Promise<void> {
    if (this.isBusy.peek() || !this.mayGoOn.peek()) return;
    batch(() => {
      this.isBusy.value = true;
      this.problem.value = null;
    });
    try {
      const envelope = await this.enveloped(signature);
      const handwriting = signature.handwriting && base64(signature.handwriting);
      const body = { envelope, code: signature.code, ...(handwriting ? { handwriting } : {}) };
      const receipt = await request<Receipt>(`${this.room.path}/signatures`, { method: "POST", body });
      this.isFresh = true;
      await this.take(receipt, envelope, (await this.boundKey()).jwk);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status !== 0 && problem.status < 500) this.sent = null; // it was not taken: the next one states its own time
      this.problem.value = problem;
    } finally {
      this.isBusy.value = false;
    }
  }

  private async enveloped({ handwriting, reservation }: Signature): Promise<Envelope> {
    const key = await this.boundKey();
    const picture = handwriting ? await digestOf(handwriting) : null;
    const print = [key.fingerprint, picture, reservation].join(" ");
    if (this.sent?.print !== print) {
      this.sent = { print, envelope: await sealed(await this.statement(key, picture, reservation), key) };
    }
    return this.sent.envelope;
  }

  /** The device's key, once the log has it as this person's. */
  private async boundKey(): Promise<SigningKey> {
    const key = await ownKey(this.person, this.room.hearing);
    if (!this.room.view.peek()?.you.keys?.includes(key.fingerprint)) {
      await request(`${this.room.path}/keys`, { method: "POST", body: { jwk: key.jwk } });
    }
    return key;
  }

  private async statement(key: SigningKey, handwriting: string | null, reservation: string): Promise<Statement> {
    const { v, frozen, scope, room } = this;
    const you = room.model.you.peek();
    const checking = this.checking.peek();
    const digest = checking.is === "equal" ? checking.findings.digest : "";
    return {
      schema: "yunting.statement/1",
      hearing: room.hearing,
      version: v,
      content_sha256: frozen.content_sha256,
      update_sha256: frozen.update_sha256,
      state_sha256: frozen.state_sha256,
      pdf_sha256: frozen.pdf_sha256,
      person: { id: this.person, name: you?.name ?? "" },
      role: you?.role ?? "",
      scope,
      ...(scope === "part" ? { part_sha256: digest } : {}),
      time: new Date().toISOString(),
      key: key.fingerprint,
      log_head: await logHead(room.model.log.entries.peek()),
      ...(handwriting ? { handwriting_sha256: handwriting } : {}),
      ...(reservation ? { reservation } : {}),
    };
  }

  private async take(receipt: Receipt, sent: Envelope, jwk: Jwk | undefined): Promise<void> {
    const { person, scope, room } = this;
    const courtKey = room.view.peek()?.court_key ?? "";
    const checks = await checkReceipt(receipt, { sent, person, scope, jwk, hearing: room.hearing, courtKey });
    batch(() => {
      this.receipt.value = receipt;
      this.checks.value = checks;
    });
    void this.room.ask();
  }

  /** Whether the receipt has just come for the first time; asked once. */
  takeFresh(): boolean {
    const wasFresh = this.isFresh;
    this.isFresh = false;
    return wasFresh;
  }

  /** The receipt of an earlier visit: it must be of this person and this version. */
  async loadReceipt(): Promise<void> {
    if (this.receipt.peek()) return;
    try {
      const receipt = await request<Receipt>(this.at("receipt"));
      const keyid = String(receipt.envelope.signatures[0]?.keyid);
      await this.take(receipt, receipt.envelope, await this.log.key(this.person, keyid));
    } catch (error) {
      this.problem.value = asProblem(error);
    }
  }
}

const read = (bytes: Bytes): Content => JSON.parse(new TextDecoder().decode(bytes)) as Content;

/** The one that is under way, or a fresh one for another version. */
export function ownSigning(room: SigningRoom, frozen: Frozen, scope: Scope, previous: number | null): OwnSigning {
  const known = room.own;
  const isSame = known?.scope === scope && known.frozen.seq === frozen.seq && known.frozen.content_sha256 === frozen.content_sha256;
  return (room.own = known && isSame ? known : new OwnSigning(room, frozen, scope, previous));
}
