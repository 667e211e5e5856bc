/** A link inside the page: an ordinary address (it can be opened in a new tab) that keeps `as` and does not load anew. */
import type { ComponentChildren } from "preact";
import { go, withSession } from "../route";

interface Props {
  to: string;
  class?: string;
  children: ComponentChildren;
}

export function Link({ to, class: extra, children }: Props) {
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={withSession(to)} class={extra} onClick={follow}>
      {children}
    </a>
  );
}
