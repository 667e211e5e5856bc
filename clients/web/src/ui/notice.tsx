/** A block that says how something stands: what happened, what is safe, what to do. */
import type { ComponentChildren } from "preact";
import { type IconName, Icon } from "./icons";

interface Props {
  tone: "calm" | "warn" | "danger" | "good";
  icon: IconName;
  title: ComponentChildren;
  children?: ComponentChildren;
  action?: ComponentChildren;
}

export function Notice({ tone, icon, title, children, action }: Props) {
  return (
    <div class={`notice notice-${tone}`}>
      <Icon name={icon} />
      <div class="notice-words">
        <strong>{title}</strong>
        {children !== undefined && <span>{children}</span>}
      </div>
      {action}
    </div>
  );
}
