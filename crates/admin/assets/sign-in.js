// Signing in: as a page, and as a dialog over the page once a session has ended.

import { fill, h } from './core/dom.js';
import { field } from './core/fields.js';
import { openDialog } from './core/dialog.js';
import { icon } from './core/icons.js';
import { setTitle } from './core/router.js';
import { signIn } from './core/session.js';
import { t } from './texts.js';

/** Shows the page that asks for the secret, and returns once someone is signed in. */
export function showSignIn(root) {
  setTitle(t.signIn.title);
  return new Promise((resolve) => {
    const { form, input } = signInForm(() => resolve());
    fill(
      root,
      h(
        'main',
        { class: 'sign-in', id: 'main' },
        h(
          'div',
          { class: 'brand big' },
          h('img', { src: new URL('./icon.svg', import.meta.url).href, alt: '', width: 48, height: 48 }),
        ),
        h('h1', {}, t.signIn.heading),
        h('p', { class: 'lead' }, t.signIn.text),
        form,
        h('p', { class: 'small' }, t.signIn.memory),
      ),
    );
    input.focus();
  });
}

/** Asks for the secret again over the page. Returns whether it was given. */
export async function signInAgain() {
  const signedIn = await openDialog({
    title: t.signIn.ended,
    stays: true,
    body: h('div', { class: 'stack', id: 'again' }, h('p', {}, t.signIn.endedText)),
    onopen: ({ dialog, close }) => {
      const { form, input } = signInForm(() => close(true));
      dialog.querySelector('#again').append(form);
      input.focus();
    },
  });
  return signedIn === true;
}

function signInForm(done) {
  const input = h('input', {
    type: 'password',
    name: 'secret',
    autocomplete: 'current-password',
    required: true,
    spellcheck: 'false',
  });
  // Managers of passwords look for a name beside the password.
  const name = h('input', {
    class: 'visually-hidden',
    type: 'text',
    name: 'username',
    autocomplete: 'username',
    value: t.name,
    tabindex: '-1',
    'aria-hidden': 'true',
  });
  const secret = field({ label: t.signIn.secret, control: input, hint: t.signIn.hint });
  const button = h('button', { type: 'submit', class: 'button primary' }, t.signIn.submit);
  const form = h('form', { class: 'stack', novalidate: true }, name, secret, button);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    await submit({ input, secret, button, done });
  });
  return { form, input };
}

async function submit({ input, secret, button, done }) {
  const value = input.value.trim();
  if (!value) return refuse(secret, input, t.signIn.missing);
  button.classList.add('busy');
  try {
    await signIn(value);
    input.value = '';
    done();
  } catch (problem) {
    refuse(secret, input, problem.status === 401 ? t.signIn.wrong : problem.message);
  } finally {
    button.classList.remove('busy');
  }
}

function refuse(secret, input, message) {
  secret.setError(message);
  input.focus();
  input.select();
}

/** Says that a key opens nothing on this page. */
export function nothingToShow(root, leave) {
  fill(
    root,
    h(
      'main',
      { class: 'sign-in', id: 'main' },
      h('span', { class: 'empty-icon' }, icon('key')),
      h('h1', {}, t.signIn.nothing),
      h('p', { class: 'lead' }, t.signIn.nothingText),
      h('button', { type: 'button', class: 'button primary', onclick: leave }, t.signIn.other),
    ),
  );
}
