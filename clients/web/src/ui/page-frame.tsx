/** The frame of the pages outside a hearing: brand, display menu, one main column. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { words } from "../i18n/language";
import { DisplayMenu } from "./display-menu";
import { Icon } from "./icons";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}

export function Brand() {
  const t = words.value;
  return (
    <span class="brand">
      <span class="brand-mark">
        <Icon name="court" />
      </span>
      <span class="brand-name">{t.product}</span>
      <span class="brand-line">{t.productLine}</span>
    </span>
  );
}

export function PageFrame({ children, narrow = false }: { children: ComponentChildren; narrow?: boolean }) {
  return (
    <div class="page">
      <a class="skip" href="#main">
        {words.value.skipToMain}
      </a>
      <header class="page-header">
        <Brand />
        <DisplayMenu />
      </header>
      <main id="main" tabIndex={-1} class={narrow ? "page-main page-narrow" : "page-main"}>
        {children}
      </main>
    </div>
  );
}
