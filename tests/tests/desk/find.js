// Finds an element as people name it: by its kind and its accessible name. Returns the first one that is shown, or null.
// The arguments are the kind, the name, and whether the name must be complete.
const [kind, name, isWhole] = arguments;
const KINDS = {
  button: 'button, summary',
  link: 'a[href]',
  heading: 'h1, h2, h3',
  field: 'input:not([type=file]), textarea, select',
  choice: 'label',
  cell: '[role=gridcell], td, th',
  item: 'li, tr, .card, [role=row]',
  file: 'input[type=file]',
};
const plain = (text) => text.replace(/\s+/g, ' ').trim();
const nameOf = (element) => {
  const own = element.getAttribute('aria-label');
  if (own !== null) return plain(own);
  return plain(element.labels?.[0]?.textContent ?? element.textContent);
};
const isNamed = (element) => (isWhole ? nameOf(element) === name : nameOf(element).includes(name));
const isShown = (element) => kind === 'file' || element.checkVisibility({ visibilityProperty: true });
// What is behind a dialog can't be reached.
const dialogs = document.querySelectorAll('dialog[open]');
const scope = dialogs[dialogs.length - 1] ?? document;
const found = [...scope.querySelectorAll(KINDS[kind])].filter((one) => isShown(one) && isNamed(one));
// Of nested elements, the innermost is meant.
return found.find((one) => !found.some((other) => other !== one && one.contains(other))) ?? null;
