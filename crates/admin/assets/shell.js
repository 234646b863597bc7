// What is around every page: the navigation and the area of the page.

import { fill, h } from './core/dom.js';
import { icon } from './core/icons.js';
import { get } from './core/api.js';
import { href } from './core/router.js';
import { can } from './core/session.js';
import { PAGES, label } from './routes.js';
import { t } from './texts.js';

/** Draws the shell, and returns the area of the page and what marks the current page. */
export function drawShell(root, { leave }) {
  const items = PAGES.filter((page) => page.icon && page.needs.some(can)).map(navigationItem);
  const list = h('ul', { class: 'nav-list', id: 'pages' }, items);
  const toggle = menuToggle(list);
  const main = h('main', { id: 'main', tabindex: '-1' });
  fill(
    root,
    h(
      'div',
      { class: 'shell' },
      h(
        'header',
        { class: 'side' },
        h(
          'a',
          { class: 'brand', href: href('') },
          h('img', { src: new URL('./icon.svg', import.meta.url).href, alt: '', width: 28, height: 28 }),
          h('span', {}, t.name),
        ),
        toggle,
        h('nav', { 'aria-label': t.navigation }, list),
        h('div', { class: 'side-foot' }, themeButton(), leaveButton(leave)),
      ),
      main,
    ),
  );
  list.addEventListener('click', () => closeMenu(list, toggle));
  hideMissingPages(items);
  return { main, mark: (name) => mark(items, name) };
}

function navigationItem(page) {
  const link = h('a', { href: href(page.name), class: 'nav-link' }, icon(page.icon), h('span', {}, label(page)));
  // Webhooks are shown once it is known that this server has them.
  return h('li', { data: { page: page.name }, hidden: page.name === 'webhooks' }, link);
}

async function hideMissingPages(items) {
  const item = items.find((one) => one.dataset.page === 'webhooks');
  if (!item) return;
  await get('/api/webhooks').then(
    () => (item.hidden = false),
    () => {},
  );
}

function menuToggle(list) {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'icon-button menu-toggle',
      'aria-expanded': 'false',
      'aria-controls': list.id,
      'aria-label': t.menu,
    },
    icon('menu'),
  );
  button.addEventListener('click', () => {
    const isOpen = list.closest('.side').classList.toggle('open');
    button.setAttribute('aria-expanded', String(isOpen));
  });
  return button;
}

function closeMenu(list, toggle) {
  list.closest('.side').classList.remove('open');
  toggle.setAttribute('aria-expanded', 'false');
}

function leaveButton(leave) {
  return h('button', { type: 'button', class: 'nav-link', onclick: leave }, icon('leave'), h('span', {}, t.signOut));
}

/** Switches between light and dark. Without a choice, the page follows the computer. */
function themeButton() {
  const root = document.documentElement;
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const text = h('span', {});
  const name = () => (text.textContent = isDark() ? t.light : t.dark);
  const button = h('button', { type: 'button', class: 'nav-link' }, icon('theme'), text);
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    name();
  });
  name();
  return button;
}

function mark(items, name) {
  for (const item of items) {
    const link = item.querySelector('a');
    if (item.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}
