// Scanning codes with the camera, where the browser can read them. Hand scanners type like a keyboard.

import { h } from '../core/dom.js';
import { openDialog } from '../core/dialog.js';
import { iconButton } from '../core/heading.js';
import { showProblem } from '../core/toast.js';
import { t } from '../texts.js';

/** How often a picture is read, and for how long a code is not read again, in milliseconds. */
const INTERVAL = 250;
const REPEAT = 2_000;
const FORMATS = ['ean_13', 'ean_8', 'upc_a', 'upc_e', 'itf', 'code_128', 'code_39', 'qr_code'];

/** A button that opens the camera, or null where the browser can't read codes. */
export function scanButton(take, signal) {
  if (!('BarcodeDetector' in window) || !navigator.mediaDevices?.getUserMedia) return null;
  return iconButton('scan', t.stock.scan, () => scan(take, signal), { class: 'icon-button framed' });
}

async function scan(take, signal) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch {
    return showProblem(new Error(t.stock.noCamera));
  }
  const controller = new AbortController();
  const stop = () => {
    controller.abort();
    stream.getTracks().forEach((track) => track.stop());
  };
  // The page may have been left while the browser asked for the camera.
  if (signal.aborted) return stop();
  signal.addEventListener('abort', stop, { signal: controller.signal });
  const video = h('video', {
    class: 'camera',
    autoplay: true,
    playsinline: true,
    muted: true,
    srcObject: stream,
    'aria-label': t.stock.scan,
  });
  const last = h('p', { role: 'status' }, t.stock.scanHint);
  const found = (code) => {
    last.textContent = code;
    navigator.vibrate?.(60);
    take(code);
  };
  read(video, found, controller.signal);
  await openDialog({ title: t.stock.scan, body: h('div', { class: 'stack' }, video, last) });
  stop();
}

async function read(video, found, signal) {
  const supported = await BarcodeDetector.getSupportedFormats();
  const detector = new BarcodeDetector({ formats: FORMATS.filter((format) => supported.includes(format)) });
  let last = { code: '', at: 0 };
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    const [hit] = await detector.detect(video).catch(() => []);
    const isRepeated = hit && hit.rawValue === last.code && Date.now() - last.at < REPEAT;
    if (!hit || isRepeated || signal.aborted) continue;
    last = { code: hit.rawValue, at: Date.now() };
    found(hit.rawValue);
  }
}
