// Panels that open below a button, such as filters and lists of actions.

import { fill, h, newId } from './dom.js';
import { icon } from './icons.js';

/**
 * A button with a panel. Escape, a click elsewhere and leaving it by Tab close the panel.
 * @param {{ label: any, name?: string, icon?: string, className?: string, content: (close: () => void) => any, align?: string }} options
 */
export function menu({ label, name, icon: iconName, className = 'button quiet', content, align = 'start' }) {
  const id = newId('panel');
  const button = h(
    'button',
    { type: 'button', class: className, 'aria-expanded': 'false', 'aria-controls': id, 'aria-label': name },
    iconName && icon(iconName),
    label,
    label && icon('down', 'icon small-icon'),
  );
  // A click beside the controls of the panel focuses the panel, not what is below it.
  const panel = h('div', { class: `panel panel-${align}`, id, hidden: true, tabindex: '-1' });
  const root = h('div', { class: 'menu' }, button, panel);
  const close = () => toggle(false);
  const toggle = (isOpen) => {
    if (isOpen === !panel.hidden) return;
    if (isOpen) fill(panel, content(close));
    else if (panel.contains(document.activeElement)) button.focus();
    panel.hidden = !isOpen;
    button.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) keepInside(panel);
  };
  button.addEventListener('click', () => toggle(panel.hidden));
  closeFromOutside(root, close);
  root.setLabel = (text) => (button.childNodes[iconName ? 1 : 0].textContent = text);
  return root;
}

function closeFromOutside(root, close) {
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
  });
  root.addEventListener('focusout', (event) => {
    // Without a related target the focus left the window, or a click hit something without focus.
    if (event.relatedTarget && !root.contains(event.relatedTarget)) close();
  });
  const onPointer = (event) => {
    if (!root.isConnected) document.removeEventListener('pointerdown', onPointer);
    else if (!root.contains(event.target)) close();
  };
  document.addEventListener('pointerdown', onPointer);
}

/** Moves a panel that would reach beyond the window. */
function keepInside(panel) {
  panel.style.removeProperty('translate');
  const { left, right } = panel.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const margin = 8;
  if (right > width - margin)
    panel.style.setProperty('translate', `${Math.max(width - margin - right, margin - left)}px 0`);
  else if (left < margin) panel.style.setProperty('translate', `${margin - left}px 0`);
}

/** An item of a list of actions. */
export function menuItem(label, iconName, run) {
  return h('button', { type: 'button', class: 'menu-item', onclick: run }, iconName && icon(iconName), label);
}
