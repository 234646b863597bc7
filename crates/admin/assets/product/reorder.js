// Changing the order of a list by dragging, with a mouse, pen or finger. Buttons do the same for the keyboard.

const HANDLE = '.drag-handle';

/**
 * Makes the items of a list sortable by their handles.
 * @param {HTMLElement} list
 * @param {(from: number, to: number) => void} move
 */
export function makeSortable(list, move) {
  list.addEventListener('pointerdown', (event) => {
    const handle = event.target.closest(HANDLE);
    const item = handle?.closest('li');
    if (!item || event.button !== 0) return;
    event.preventDefault();
    drag(list, item, event.pointerId, move);
  });
}

function drag(list, item, pointer, move) {
  const from = indexOf(list, item);
  const controller = new AbortController();
  item.classList.add('moving');
  const end = (isKept) => {
    controller.abort();
    item.classList.remove('moving');
    const to = indexOf(list, item);
    // The list is drawn anew by `move`, from the old order.
    putAt(list, item, from);
    if (isKept && to !== from) move(from, to);
  };
  // The handle can't capture the pointer: it would lose it when its item moves within the document.
  const listen = (type, run) =>
    addEventListener(type, (event) => event.pointerId === pointer && run(event), { signal: controller.signal });
  listen('pointermove', (event) => follow(list, item, event));
  listen('pointerup', () => end(true));
  listen('pointercancel', () => end(false));
  addEventListener('keydown', (event) => event.key === 'Escape' && end(false), { signal: controller.signal });
}

/** Moves the item to where the pointer is. */
function follow(list, item, { clientX, clientY }) {
  const over = document
    .elementsFromPoint(clientX, clientY)
    .find((element) => element.parentElement === list && element !== item);
  if (!over || over.classList.contains('uploading')) return;
  putAt(list, item, indexOf(list, over));
}

const indexOf = (list, item) => [...list.children].indexOf(item);

function putAt(list, item, index) {
  const others = [...list.children].filter((other) => other !== item);
  list.insertBefore(item, others[index] ?? null);
}
