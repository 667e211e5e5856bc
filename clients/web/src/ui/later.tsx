/** A part of the page that is loaded when it is first shown. Asked again when it could not be fetched. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { PageFrame } from "./page-frame";
import { Skeleton } from "./skeleton";

const AGAIN = 2_000; // ms

export interface Later<Part> {
  /** Null until it is there. */
  readonly part: ReadonlySignal<Part | null>;
  fetch(): void;
}

/** `load` imports it, when `fetch` is called for the first time. */
export function later<Part>(load: () => Promise<Part>): Later<Part> {
  const part = signal<Part | null>(null);
  let isLoading = false;
  const fetch = (): void => {
    if (isLoading) return;
    isLoading = true;
    load().then(
      (loaded) => {
        part.value = loaded;
      },
      () => {
        isLoading = false;
        setTimeout(fetch, AGAIN);
      },
    );
  };
  return { part, fetch };
}

/** The component that `load` imports; `meanwhile` stands there until it is. */
export function laterPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: () => ComponentChildren = () => null,
): ComponentType<Props> {
  const { part, fetch } = later(load);
  return (props: Props) => {
    const Part = part.value;
    useEffect(fetch, []);
    return Part ? <Part {...props} /> : <>{meanwhile()}</>;
  };
}

export const laterPage = <Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> =>
  laterPart(load, () => (
    <PageFrame>
      <Skeleton lines={6} />
    </PageFrame>
  ));
