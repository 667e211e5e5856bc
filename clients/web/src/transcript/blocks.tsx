/** The lines in blocks of fifty: a block whose lines are the same is not looked at again when one is added elsewhere. */
import type { ReadonlySignal } from "@preact/signals";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import type { Line } from "./transcript";
import { LineView, type Speakers } from "./turn-view";

const SIZE = 50;

interface Block {
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
  const blocks: Block[] = [];
  for (let start = 0; start < lines.length; start += SIZE) {
    const fresh = { lines: lines.slice(start, start + SIZE), before: lines[start - 1] };
    const old = known.current[blocks.length];
    blocks.push(old && isSame(old, fresh) ? old : { ...fresh, drawn: draw(start, fresh, speakers) });
  }
  known.current = blocks;
  return <>{blocks.map((block) => block.drawn)}</>;
}

type Content = Omit<Block, "drawn">;

function isSame(one: Content, other: Content): boolean {
  return (
    one.before === other.before &&
    one.lines.length === other.lines.length &&
    one.lines.every((line, place) => line === other.lines[place])
  );
}

/** The very same element again tells Preact that nothing below it has changed. */
function draw(start: number, { lines, before }: Content, speakers: ReadonlySignal<Speakers>): VNode {
  return <Lines key={start} lines={lines} before={before} speakers={speakers} />;
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
