/** Keeps the focus at the foot of the page when the button that was pressed cannot be pressed again at once, or goes. */

export const focusBar = (): void => document.querySelector<HTMLElement>(".command-bar")?.focus();
