// Uploads with progress, and downloads. `fetch` tells no progress of uploads, so these use XMLHttpRequest.

import { queryText, send } from './api.js';
import { h } from './dom.js';
import { noAnswer, problemOfText } from './problem.js';
import { authorization, signInAgain } from './session.js';

/**
 * Uploads a file or a form.
 * @param {string} path
 * @param {Blob | FormData} body
 * @param {{ query?: Record<string, any>, signal?: AbortSignal, progress?: (share: number) => void }} [options]
 * @returns {Promise<any>} The body of the answer.
 */
export async function upload(path, body, options = {}) {
  try {
    return await uploadOnce(path, body, options);
  } catch (problem) {
    if (problem.status !== 401 || !(await signInAgain())) throw problem;
    return uploadOnce(path, body, options);
  }
}

function uploadOnce(path, body, { query, signal, progress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path + queryText(query));
    request.setRequestHeader('Authorization', authorization() ?? '');
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) progress?.(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText));
      else reject(problemOfText(request.status, request.responseText, request.getResponseHeader('Retry-After')));
    });
    request.addEventListener('error', () => reject(noAnswer()));
    request.addEventListener('abort', () => reject(new DOMException('left', 'AbortError')));
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

/** Downloads an answer of the API as a file, with the number of bytes so far. */
export async function download(path, { query, name, progress, signal }) {
  const response = await send('GET', path, { query, signal });
  const parts = [];
  let bytes = 0;
  for await (const part of chunksOf(response.body)) {
    parts.push(part);
    bytes += part.length;
    progress?.(bytes);
  }
  const type = response.headers.get('Content-Type') ?? 'application/octet-stream';
  saveFile(new Blob(parts, { type }), name);
  return bytes;
}

/** The chunks of a stream. Not every browser can loop over a stream. */
async function* chunksOf(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Saves data as a file. */
function saveFile(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = h('a', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
