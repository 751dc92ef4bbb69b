import type { ReactNode } from 'react';

// Strokes on a grid of 24; drawn here, because a page needs a dozen of them.
const STROKES = {
  consignment: 'M3 7.5 12 3l9 4.5v9L12 21l-9-4.5zM3 7.5l9 4.5 9-4.5M12 12v9M7.5 5.2l9 4.6',
  ledger: 'M6 3h11a2 2 0 0 1 2 2v16H7a2 2 0 0 1-2-2V4a1 1 0 0 1 1-1zM5 18a2 2 0 0 1 2-2h12M9 7.5h6M9 11h4',
  mesh: 'M12 5.5 5.5 17h13zM12 5.5v7.2M5.5 17l6.5-4.3 6.5 4.3M12 3.2a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6M5.2 15a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6M18.8 15a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6',
  region: 'M4 6.5 9 4l6 2.5L20 4v13.5L15 20l-6-2.5L4 20zM9 4v13.5M15 6.5V20',
  recognition:
    'M4 12.5 8 8l4 2 4-2 4 4.5M8 8V5M16 8V5M6 14.5l3 3a2 2 0 0 0 3-.3l.5-.7 1 1a1.6 1.6 0 0 0 2.5-1.8M12 10l4.5 4.5',
  indicators: 'M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6M20 16V6',
  list: 'M5 4h14v16H5zM8.5 9h7M8.5 12.5h7M8.5 16h4M3 3l18 18',
  access: 'M8 14.5a4.5 4.5 0 1 1 4.2-6.1L21 8.5v3.5h-2.5V14H15v-2.5h-2.8A4.5 4.5 0 0 1 8 14.5zM7.5 10h.01',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16.2 16.2 21 21',
  download: 'M12 4v11M7.5 10.5 12 15l4.5-4.5M4 20h16',
  outside: 'M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5',
  again: 'M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20a7.5 7.5 0 0 1 15 0',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3 7 7M17 17l1.7 1.7M18.7 5.3 17 7M7 17l-1.7 1.7',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  system: 'M4 5h16v11H4zM9 20h6M12 16v4',
  empty: 'M4 13 6.5 5h11L20 13v6H4zM4 13h5l1 2.5h4L15 13h5',
  fault: 'M12 4 2.8 20h18.4zM12 10v4.5M12 17.4h.01',
  closed: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  done: 'm5 12.5 4.5 4.5L19 7.5',
} as const;

/** An icon's name. */
export type IconName = keyof typeof STROKES;

/** A mark beside words; never without them, and so not read aloud. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={STROKES[name]} />
    </svg>
  );
}
