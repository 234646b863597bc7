// The icons of the page, as paths on a square of 24.

import { svg } from './dom.js';

const PATHS = {
  box: 'M12 3 4 7v10l8 4 8-4V7l-8-4ZM4 7l8 4 8-4M12 11v10',
  layers: 'M12 4 3 9l9 5 9-5-9-5ZM3 14l9 5 9-5',
  star: 'm12 4 2.5 5.2 5.7.8-4.1 4 1 5.6L12 16.9l-5.1 2.7 1-5.6-4.1-4 5.7-.8L12 4Z',
  swap: 'M7 4v13m0 0-3-3m3 3 3-3M17 20V7m0 0-3 3m3-3 3 3',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 8v4l3 2',
  key: 'M8 12a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM11 13l8-8m-3 3 3 3',
  share:
    'M6 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM18 3a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM18 15a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8.6 10.6l6.8-3.2M8.6 13.4l6.8 3.2',
  chart: 'M4 4v16h16M8 16v-4M12 16V8M16 16v-6',
  tag: 'M4 4h8l8 8-8 8-8-8V4ZM8.5 8.5h.01',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM20 20l-4.5-4.5',
  filter: 'M4 6h16M7 12h10M10 18h4',
  columns: 'M5 5h14v14H5zM10 5v14M14.5 5v14',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6 6 18',
  down: 'm7 10 5 5 5-5',
  up: 'm7 14 5-5 5 5',
  left: 'm14 7-5 5 5 5',
  right: 'm10 7 5 5-5 5',
  grip: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01',
  camera: 'M4 8h4l1.5-2h5L16 8h4v11H4V8ZM12 10.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5M15.5 9h.01',
  trash: 'M5 7h14M10 7V5h4v2M7 7l1 13h8l1-13M10 11v5M14 11v5',
  eye: 'M3 12s3-6 9-6 9 6 9 6-3 6-9 6-9-6-9-6ZM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
  undo: 'M9 7 5 11l4 4M5 11h9a5 5 0 0 1 0 10h-3',
  menu: 'M4 7h16M4 12h16M4 17h16',
  theme: 'M12 4a8 8 0 1 0 0 16V4Z',
  leave: 'M14 5H5v14h9M10 12h10m0 0-3-3m3 3-3 3',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  download: 'M12 4v11m0 0-4-4m4 4 4-4M5 20h14',
  upload: 'M12 16V5m0 0-4 4m4-4 4 4M5 20h14',
  warning: 'M12 4 2.5 20h19L12 4ZM12 10v5M12 17.5h.01',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 9v6M11 9v6M14 9v6M16.5 9v6',
  edit: 'M4 20l1-4L16 5l3 3L8 19l-4 1Z',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  refresh: 'M20 11a8 8 0 1 0-2 6M20 5v6h-6',
};

/** An icon. It is hidden from screen readers: the control around it has a name. */
export function icon(name, className = 'icon') {
  return svg(
    'svg',
    { class: `${className} icon-${name}`, viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: PATHS[name] }),
  );
}
