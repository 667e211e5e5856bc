/** Pictures of the exhibits' buttons; always named by their button, so hidden from screen readers. */

const SHAPES = {
  before: "M6 15l6-6 6 6",
  next: "M6 9l6 6 6-6",
  smaller: "M5 12h14",
  larger: "M5 12h14M12 5v14",
  fit: "M3 12h18M7 8l-4 4 4 4M17 8l4 4-4 4",
  rotate: "M19 12a7 7 0 1 1-2.3-5.2M19 3v4.5h-4.5",
  find: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 21 21",
  marks: "M5 4h14v12h-8l-4 4v-4H5zM9 8.5h6M9 12h4",
  text: "M9 4h6M9 20h6M12 4v16",
  highlight: "M4 20h16M7 16l9-11 3 2.5L10 16H7Z",
  underline: "M7 4v6a5 5 0 0 0 10 0V4M5 20h14",
  strikeout: "M4 12h16M16.5 7.5C16 5.5 14.3 4.5 12 4.5c-2.6 0-4.5 1.3-4.5 3.500M7.5 16.500c.5 2 2.2 3 4.5 3 2.6 0 4.5-1.3 4.5-3.5",
  square: "M5 5h14v14H5z",
  ink: "M4 19c4-9 6-9 7-5s3 3 4-1 3-5 5-5",
  freetext: "M5 7V4h14v3M12 4v16M9 20h6",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5",
  close: "M6 6l12 12M18 6 6 18",
  undo: "M8 5 4 9l4 4M4 9h10a5 5 0 0 1 0 10h-4",
  redo: "M16 5l4 4-4 4M20 9H10a5 5 0 0 0 0 10h4",
} as const;

export type ExhibitIconName = keyof typeof SHAPES;

export function ExhibitIcon({ name }: { name: ExhibitIconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
