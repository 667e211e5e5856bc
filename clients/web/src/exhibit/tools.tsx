/** The tools of annotation: what is made, in which colour and width, for whom. Says what is chosen to the open exhibit. */
import { exhibitWords } from "../i18n/exhibit-words";
import { COLORS } from "../transcript/colors";
import { around, cornersOf, type Rect } from "./geometry";
import { quadsOf } from "./glyphs";
import type { Layer } from "./marks";
import type { OpenExhibit, Tool } from "./open-exhibit";
import { isTextKind } from "./pointing";
import { Button } from "./view-bar";

const TOOLS: readonly Tool[] = ["text", "highlight", "underline", "strikeout", "square", "ink", "freetext", "note"];
const WIDTHS = [1, 2, 4] as const;
const YELLOW = "#b58900";

export function Tools({ open }: { open: OpenExhibit }) {
  const t = exhibitWords.value;
  const isWriting = open.mayWrite.value || open.hasNotes.value;
  if (!isWriting) return open.books.value.court?.document.mayWrite.value === null ? null : <p class="quiet exhibit-read-only">{t.tools.readOnly}</p>;
  const book = open.book.value;
  return (
    <div class="exhibit-tools" role="toolbar" aria-label={t.tools.label}>
      <span class="exhibit-bar-group">
        {TOOLS.map((tool) => (
          <Button
            key={tool}
            icon={tool as "text"}
            name={tool === "text" ? t.tools.text : t.kind[tool]}
            isOn={open.tool.value === tool}
            isOff={tool !== "text" && !book}
            act={(event) => void take(open, tool, event.detail === 0)}
          />
        ))}
      </span>
      <span class="exhibit-bar-group">
        <Button icon="undo" name={t.tools.undo} isOff={!book?.canUndo.value} act={() => book?.undo()} />
        <Button icon="redo" name={t.tools.redo} isOff={!book?.canRedo.value} act={() => book?.redo()} />
      </span>
      <Colors open={open} />
      <label class="exhibit-choice">
        <span class="visually-hidden">{t.tools.width}</span>
        <select value={String(open.width.value)} onChange={(event) => (open.width.value = Number(event.currentTarget.value))}>
          {WIDTHS.map((width) => (
            <option key={width} value={String(width)}>
              {t.tools.widths[width]}
            </option>
          ))}
        </select>
      </label>
      <label class="exhibit-choice" title={t.tools.layerHint}>
        <span class="quiet">{t.tools.layer}</span>
        <select value={open.layer.value} onChange={(event) => (open.layer.value = event.currentTarget.value as Layer)}>
          {(["court", "own"] as const).map((layer) => (
            <option key={layer} value={layer} disabled={layer === "court" ? !open.mayWrite.value : !open.hasNotes.value}>
              {t.tools.layers[layer]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function Colors({ open }: { open: OpenExhibit }) {
  const t = exhibitWords.value.tools;
  const own = open.me.color;
  const choices = [own, YELLOW, ...COLORS.filter((color) => color !== own)].slice(0, 4);
  return (
    <span class="exhibit-colors" role="group" aria-label={t.color}>
      {choices.map((color, n) => (
        <button
          key={color}
          type="button"
          class="exhibit-color"
          aria-label={t.colorOf(n, color === own)}
          title={t.colorOf(n, color === own)}
          aria-pressed={open.color.value === color}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => (open.color.value = color)}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="8" cy="8" r="7" fill={color} />
          </svg>
        </button>
      ))}
    </span>
  );
}

/** Words that are chosen are marked at once; what a pointer would draw is placed where a key was pressed. */
async function take(open: OpenExhibit, tool: Tool, isByKey: boolean): Promise<void> {
  const selection = open.selection.peek();
  if (isTextKind(tool) && selection) {
    open.pointing.markText(tool, await open.linesOf(selection.page));
    return;
  }
  open.tool.value = open.tool.peek() === tool ? "text" : tool;
  if (!isByKey || (tool !== "square" && tool !== "note" && tool !== "freetext")) return;
  open.tool.value = "text";
  const page = selection?.page ?? open.page.peek();
  open.pointing.place(tool, page, selection ? await boxOf(open, selection.page) : middleOf(open, page));
}

async function boxOf(open: OpenExhibit, page: number): Promise<Rect> {
  const selection = open.selection.peek();
  if (!selection) return middleOf(open, page);
  return around(quadsOf(await open.linesOf(page), selection).flatMap(cornersOf));
}

function middleOf(open: OpenExhibit, page: number): Rect {
  const [x0, y0, x1, y1] = open.sheets.peek()[page]!.crop;
  const [width, height] = [x1 - x0, y1 - y0];
  return [x0 + width / 3, y0 + (height * 2) / 5, x1 - width / 3, y1 - (height * 2) / 5];
}
