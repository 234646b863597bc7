// Numbers, prices and times as people write and read them.

import { t } from '../texts.js';

const LOCALE = 'en-GB';
const MINUTE = 60_000;
const numbers = new Intl.NumberFormat(LOCALE);
const days = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' });
const moments = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
const longMoments = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const moneyFormats = new Map();

/** The currency of the shop, which every product names. */
let shopCurrency = 'EUR';

/** Learns the currency of the shop from a product. */
export function learnCurrency(product) {
  if (product?.currency) shopCurrency = product.currency;
}

/** @param {number | null | undefined} value */
export const number = (value) => (value === null || value === undefined ? '' : numbers.format(value));

/** A number with its sign. */
export const signed = (value) => (value > 0 ? `+${number(value)}` : number(value));

/** An amount of money. */
export function money(value, currency = shopCurrency) {
  if (value === null || value === undefined) return '';
  let format = moneyFormats.get(currency);
  if (!format) {
    format = new Intl.NumberFormat(LOCALE, { style: 'currency', currency });
    moneyFormats.set(currency, format);
  }
  return format.format(value);
}

/** An amount as it is typed, such as `39.90`. */
export const amount = (value) => (value === null || value === undefined ? '' : Number(value).toFixed(2));

/**
 * Reads a number that someone typed, with a decimal point or comma. What is no number stays a text, so that the API can
 * say what is wrong with it.
 * @returns {number | string | null}
 */
export function readNumber(text) {
  const plain = text.trim().replace(/\s/g, '').replace(',', '.');
  if (plain === '') return null;
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : text.trim();
}

export const day = (time) => (time ? days.format(new Date(time)) : '');
export const moment = (time) => (time ? moments.format(new Date(time)) : '');
export const longMoment = (time) => (time ? longMoments.format(new Date(time)) : '');

/** How long ago, or when: `3 minutes ago`. Of more than a week the date. */
export function ago(time) {
  const minutes = Math.round((new Date(time) - Date.now()) / MINUTE);
  const size = Math.abs(minutes);
  if (size < 1) return t.justNow;
  if (size < 60) return relative.format(minutes, 'minute');
  if (size < 24 * 60) return relative.format(Math.round(minutes / 60), 'hour');
  if (size < 7 * 24 * 60) return relative.format(Math.round(minutes / (24 * 60)), 'day');
  return day(time);
}

/** The number of bytes of a file, for people. */
export function bytes(size) {
  if (size < 1000) return t.amounts.bytes(size);
  if (size < 1_000_000) return t.amounts.kilobytes((size / 1000).toFixed(0));
  return t.amounts.megabytes((size / 1_000_000).toFixed(1));
}

/** Milliseconds. */
export const milliseconds = (value) =>
  value >= 1000 ? t.amounts.seconds((value / 1000).toFixed(1)) : t.amounts.milliseconds(number(Math.round(value)));

/** A share of 1 as a percentage. */
export const percent = (share) => t.amounts.percent((share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0));

/** A time of the API as an input of the type `datetime-local` shows it, in the time zone of this computer. */
export function toLocalInput(time) {
  if (!time) return '';
  const date = new Date(time);
  return new Date(date - date.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}

/** The time that such an input has, as the API takes it. */
export function fromLocalInput(text) {
  return text ? new Date(text).toISOString().replace('.000Z', 'Z') : null;
}
