/** Pictures of the media room; always beside or inside something that names them, so hidden from screen readers. */

const SHAPES = {
  microphone: "M12 14a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3ZM6 11a6 6 0 0 0 12 0M12 17v4M9 21h6",
  silent: "M9 9v2a3 3 0 0 0 4.500 2.600M15 10V6a3 3 0 0 0-5.800-1M6 11a6 6 0 0 0 9 5.200M18 11a6 6 0 0 1-.4 2.200M12 17v4M9 21h6M4 4l16 16",
  camera: "M4 7h11v10H4zM15 11l5-3v8l-5-3",
  hidden: "M8 7h7v6M15 17H4V7h1M15 11l5-3v8l-3-1.800M3 3l18 18",
  picture: "M3 5h18v12H3zM8 21h8M12 17v4",
  whole: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  leave: "M10 4H5v16h5M9 12h11M16 8l4 4-4 4",
  star: "m12 4 2.500 5.200 5.500.800-4 4 1 5.700-5-2.700-5 2.700 1-5.700-4-4 5.500-.800Z",
  voice: "M5 9v6h3l5 4V5L8 9ZM16.500 9a4 4 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11",
  shield: "M12 3 5 6v5.500c0 4.300 2.900 7.700 7 9.500 4.100-1.800 7-5.200 7-9.500V6l-7-3Z",
} as const;

export type MediaIconName = keyof typeof SHAPES;

export function MediaIcon({ name }: { name: MediaIconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
