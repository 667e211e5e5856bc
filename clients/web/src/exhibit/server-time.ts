/** The server's clock, as far as its answers tell it: a device's own may be hours off. */
let ahead = 0;
/** An answer gives whole seconds, and takes its time on the way. */
const FINE = 2_000;

export function hear({ headers }: Response): void {
  const off = Date.parse(headers.get("Date") ?? "") - Date.now();
  if (!Number.isNaN(off)) ahead = Math.abs(off) < FINE ? 0 : off;
}

export const nowText = (): string => new Date(Date.now() + ahead).toISOString();

/** Whether two times are so far apart that both are shown. */
export const areApart = (one: string, other: string): boolean => Math.abs(Date.parse(one) - Date.parse(other)) > 60_000;
