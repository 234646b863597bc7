// The session. It lives in the memory of this page only: a reload asks for the secret again, and nothing that stays on
// the computer can be stolen from it.

import { problemOf, noAnswer } from './problem.js';

const ADDRESS = '/api/auth/admin';
/** How long a server's tokens hold, in milliseconds. They are renewed in the last third of that time. */
const LIFETIME = 15 * 60 * 1000;
const RENEWAL = LIFETIME / 3;

/** @type {{ credential: string, endsAt: number | null, permissions: Set<string> } | null} */
let session = null;
let timer;
/** Asks for the secret again, while the page stays as it is. */
let askAgain = async () => false;
/** The question that is open, so that several failed requests ask once. */
let asking = null;

/** Whether someone is signed in. */
export const isSignedIn = () => session !== null;

/** Whether the caller has a permission. */
export const can = (permission) => session !== null && session.permissions.has(permission);

/** The header that proves who the caller is. */
export const authorization = () => (session ? `Bearer ${session.credential}` : null);

/** Sets what asks for the secret again once the session has ended. */
export function whenEnded(ask) {
  askAgain = ask;
}

/** Begins a session with the admin secret or a key. */
export async function signIn(secret) {
  const body = await post(secret);
  take(body, secret);
}

/** Ends the session, on every server. */
export async function signOut() {
  const header = authorization();
  const isToken = session?.endsAt;
  clearTimeout(timer);
  session = null;
  if (isToken) await fetch(ADDRESS, { method: 'DELETE', headers: { Authorization: header } }).catch(() => {});
}

/** Asks for the secret again. Returns whether the caller is signed in after it. */
export function signInAgain() {
  asking ??= askAgain().finally(() => (asking = null));
  return asking;
}

async function post(credential) {
  let response;
  try {
    response = await fetch(ADDRESS, { method: 'POST', headers: { Authorization: `Bearer ${credential}` } });
  } catch {
    throw noAnswer();
  }
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

/** Takes what the server answered. A server without sessions gives no token; then the secret itself is kept. */
function take(body, secret) {
  session = {
    credential: body.token ?? secret,
    endsAt: body.token ? Date.now() + LIFETIME : null,
    permissions: new Set(body.user.permissions),
  };
  plan();
}

/** Plans the renewal. The clock of this computer may be wrong, so only the time since the answer counts. */
function plan() {
  clearTimeout(timer);
  if (!session?.endsAt) return;
  const wait = session.endsAt - RENEWAL - Date.now() + 2000;
  timer = setTimeout(renew, Math.max(wait, 0));
}

async function renew() {
  if (!session?.endsAt) return;
  const { credential } = session;
  try {
    const body = await post(credential);
    // Someone may have signed out or in meanwhile.
    if (session?.credential === credential) take(body, credential);
  } catch (problem) {
    // Before the end of the token it is tried again; after it, the next request asks for the secret.
    const wait = (problem.retryAfter ?? 20) * 1000;
    if (problem.status !== 401) timer = setTimeout(renew, wait);
  }
}

// Timers stand still in a sleeping laptop.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') plan();
});
