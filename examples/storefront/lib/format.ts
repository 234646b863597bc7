const LOCALE = 'en-GB';

export const formatPrice = (price: number, currency: string) =>
  new Intl.NumberFormat(LOCALE, { style: 'currency', currency }).format(price);

export const formatDate = (date: string) =>
  new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date));

/** A word of the API for people: `gluten-free` is "Gluten-free". */
export const formatWord = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).replaceAll('_', ' ');

/** JSON for a `<script>` element. `<` could end the element or begin a comment. */
export const scriptJson = (data: object) => JSON.stringify(data).replaceAll('<', '\\u003c');
