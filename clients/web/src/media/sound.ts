/** The sound of the others: one element a slot, outside the drawn page, so that nothing that is drawn anew interrupts it. */
import { signal } from "@preact/signals";

export class Sound {
  /** The browser plays nothing before the person has pressed something. */
  readonly isBlocked = signal(false);
  private elements: HTMLAudioElement[] = [];

  carry(streams: readonly MediaStream[]): void {
    this.stop();
    this.elements = streams.map((stream) => {
      const element = new Audio();
      element.srcObject = stream;
      element.muted = true;
      return element;
    });
    this.play();
  }

  /** A slot without a speaker is silent at once, whatever still waits in its buffer. */
  open(heard: readonly boolean[]): void {
    this.elements.forEach((element, slot) => (element.muted = !heard[slot]));
  }

  play(): void {
    this.isBlocked.value = false;
    for (const element of this.elements) void element.play().catch((error: unknown) => this.refused(error));
  }

  stop(): void {
    for (const element of this.elements) {
      element.pause();
      element.srcObject = null;
    }
    this.elements = [];
  }

  private refused(error: unknown): void {
    if (!(error instanceof DOMException)) throw error;
    if (error.name === "NotAllowedError") this.isBlocked.value = true; // AbortError: stopped before it began
  }
}
