/** The lines in blocks: a line stays in its block, so that one more elsewhere neither redraws nor moves it. Owns the grouping. */
import type { ReadonlySignal } from "@preact/signals";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import type { Line } from "./transcript";
import { LineView, type Speakers } from "./turn-view";

const SIZE = 50;

interface Block {
  key: number;
  lines: readonly Line[];
  before: Line | undefined;
  drawn: VNode;
}

interface Props {
  lines: readonly Line[];
  speakers: ReadonlySignal<Speakers>;
}

export function Blocks({ lines, speakers }: Props) {
  const known = useRef<readonly Block[]>([]);
  const fresh = useRef(0);
  let before: Line | undefined;
  known.current = grouped(known.current, lines).map(({ of, lines: own }) => {
    const block = of && isSame(of, own, before) ? of : draw(of?.key ?? (fresh.current += 1), own, before, speakers);
    before = own.at(-1);
    return block;
  });
  return <>{known.current.map((block) => block.drawn)}</>;
}

interface Group {
  /** The block it was, null for a new one. */
  of: Block | null;
  lines: readonly Line[];
}

/** Each line stays in its block where the order allows it; a new one joins the line before; what has grown too long is parted. */
function grouped(blocks: readonly Block[], lines: readonly Line[]): Group[] {
  const places = new Map(blocks.flatMap((block, place) => block.lines.map((line) => [line, place] as const)));
  const wanted: Line[][] = blocks.length === 0 ? [[]] : blocks.map(() => []);
  let now = 0;
  for (const line of lines) {
    now = Math.max(now, places.get(line) ?? 0);
    wanted[now]!.push(line);
  }
  return wanted.flatMap((own, place) => parted(blocks[place] ?? null, own));
}

function parted(of: Block | null, lines: readonly Line[]): Group[] {
  if (lines.length <= 2 * SIZE) return lines.length === 0 ? [] : [{ of, lines }];
  const starts = Array.from({ length: Math.ceil(lines.length / SIZE) }, (_, n) => n * SIZE);
  return starts.map((start) => ({ of: start === 0 ? of : null, lines: lines.slice(start, start + SIZE) }));
}

const isSame = (block: Block, lines: readonly Line[], before: Line | undefined): boolean =>
  block.before === before && block.lines.length === lines.length && lines.every((line, place) => line === block.lines[place]);

/** The very same element again tells Preact that nothing below it has changed. */
function draw(key: number, lines: readonly Line[], before: Line | undefined, speakers: ReadonlySignal<Speakers>): Block {
  return { key, lines, before, drawn: <Lines key={key} lines={lines} before={before} speakers={speakers} /> };
}

function Lines({ lines, before, speakers }: Props & { before: Line | undefined }) {
  return (
    <div class="block" role="none">
      {lines.map((line, place) => (
        <LineView key={line.key} line={line} before={lines[place - 1] ?? before} speakers={speakers} />
      ))}
    </div>
  );
}
