/** Small choices kept on this device (language, appearance, widths). Never keeps anything of a hearing or a login. */

export type Choice = "language" | "theme" | "text-size" | "side-width" | "video-width" | "exhibit-width" | "read-aloud";

export function recall(choice: Choice): string | null {
  try {
    return localStorage.getItem(`yunting.${choice}`);
  } catch {
    return null; // storage is switched off in this browser: the choice then lasts as long as the page
  }
}

/** The same choice made in another tab of this browser holds here too. */
export function follow(choice: Choice, chosen: (value: string | null) => void): void {
  addEventListener("storage", (event) => {
    if (event.key === `yunting.${choice}`) chosen(event.newValue);
  });
}

export function remember(choice: Choice, value: string): void {
  try {
    localStorage.setItem(`yunting.${choice}`, value);
  } catch {
    // storage is switched off in this browser: the choice then lasts as long as the page
  }
}

export function forget(choice: Choice): void {
  try {
    localStorage.removeItem(`yunting.${choice}`);
  } catch {
    // storage is switched off in this browser: there is nothing to forget
  }
}
