/** The page's few pictures as inline SVG; always beside words, so hidden from screen readers. */

const SHAPES = {
  back: "M15 5 8 12l7 7",
  down: "M12 5v14M6 13l6 6 6-6",
  more: "M5 12m-.6 0a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0M12 12m-.6 0a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0M19 12m-.6 0a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0",
  court: "M4 10 12 5l8 5M6.5 10v7M12 10v7M17.5 10v7M4 20h16",
  warning: "M12 4 2.8 20h18.4L12 4ZM12 10v4.5M12 17.4h.01",
  pause: "M9 6v12M15 6v12",
  tick: "m5 12.5 4.5 4.5L19 7.5",
  cross: "M6 6l12 12M18 6 6 18",
  clock: "M12 7v5l3.2 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8v4.4M9 14.8v4.4",
  shield: "M12 3 5 6v5.5c0 4.3 2.9 7.7 7 9.5 4.1-1.8 7-5.2 7-9.5V6l-7-3Z",
  link: "M10 13.5a4.5 4.5 0 0 0 6.6.4l2.7-2.7a4.5 4.5 0 0 0-6.4-6.4l-1.4 1.4M14 10.5a4.5 4.5 0 0 0-6.6-.4l-2.7 2.7a4.5 4.5 0 0 0 6.4 6.4l1.4-1.4",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z",
  hand: "M7.5 12.5V6.8a1.3 1.3 0 0 1 2.6 0V11V4.8a1.3 1.3 0 0 1 2.6 0V11V5.8a1.3 1.3 0 0 1 2.6 0V12V8.3a1.3 1.3 0 0 1 2.6 0v6.2c0 3.6-2.4 6-5.8 6-2.7 0-4.2-1.2-5.6-3.6l-2.3-4c-.8-1.500.7-2.600 1.800-1.700Z",
  microphone: "M12 14.500a3 3 0 0 0 3-3V6.500a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3ZM6 11.500a6 6 0 0 0 12 0M12 17.500V21",
  muted: "M9 9v2.500a3 3 0 0 0 4.800 2.400M15 11.500V6.500a3 3 0 0 0-5.800-1M6 11.500a6 6 0 0 0 9.600 4.800M18 11.500c0 .8-.2 1.600-.4 2.300M12 17.500V21M4 3.500l16 17",
  large: "M4 5.500h16v13H4ZM13 12h4.500v4H13Z",
  private: "M7 11V8a5 5 0 0 1 10 0v3M5.500 11h13v9h-13zM12 14.500v2",
  camera: "M4 7h11v10H4zM15 11l5-3v8l-5-3",
  flag: "M6 21V4M6 5h11l-2.500 4L17 13H6",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
