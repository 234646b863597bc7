// Runs an import: uploads the file, and asks how far the server is until it has ended.

import { get, remove } from '../core/api.js';
import { upload } from '../core/transfer.js';

/** The pauses between questions, in milliseconds. */
const FIRST = 300;
const LONGEST = 2_000;

/**
 * @param {File} file
 * @param {{ format: string, mode: string, isDry: boolean, signal: AbortSignal, progress: (state: any) => void }} options
 * @returns {Promise<any>} The import, after its end.
 */
export async function runImport(file, { format, mode, isDry, signal, progress }) {
  progress({ share: 0 });
  const query = { format, mode, dry_run: isDry };
  const { id } = await upload('/api/imports', file, { query, signal, progress: (share) => progress({ share }) });
  try {
    return await follow(id, signal, progress);
  } catch (error) {
    // What was written stays; the rest of the file is not read.
    if (signal.aborted) remove(`/api/imports/${encodeURIComponent(id)}`, { keepalive: true }).catch(() => {});
    throw error;
  }
}

async function follow(id, signal, progress) {
  let pause = FIRST;
  for (;;) {
    const { data } = await get(`/api/imports/${encodeURIComponent(id)}`, {}, signal);
    if (data.status !== 'running') return data;
    const { rows, done } = data;
    progress({ share: rows ? done / rows : undefined, rows, done });
    await new Promise((resolve) => setTimeout(resolve, pause));
    signal.throwIfAborted();
    pause = Math.min(pause * 1.5, LONGEST);
  }
}
