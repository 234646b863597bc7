// Uploads of pictures. They are stored without a product first; the product shows them once its form is saved.

import { upload } from '../core/transfer.js';

/** The types that the API takes. */
export const PICTURES = 'image/jpeg,image/png,image/webp';

/** Whether a file is a picture. Other types of pictures are sent as well, and the API says what it takes. */
export const isPicture = (file) => file.type.startsWith('image/');

/** The longest side that photos are made smaller to, in pixels, and from which size of a file on, in bytes. */
const LONGEST = 3000;
const LARGE = 9_500_000;

/**
 * Uploads a picture.
 * @param {File} file
 * @param {{ signal: AbortSignal, progress: (share: number) => void }} options
 * @returns {Promise<import('./pictures.js').Picture>}
 */
export async function uploadPicture(file, { signal, progress }) {
  const form = new FormData();
  form.append('file', await fitting(file), file.name);
  const { images } = await upload('/api/images', form, { signal, progress });
  const [image] = images;
  return { url: image.original, alt: '', thumbnail: image.thumbnail };
}

/** A file that the API takes: photos of phones may be larger than 10 MB. */
async function fitting(file) {
  if (file.size <= LARGE) return file;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return file;
  const scale = Math.min(LONGEST / Math.max(bitmap.width, bitmap.height), 1);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const smaller = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
  return smaller ?? file;
}
