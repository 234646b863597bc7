// Changes of prices by a percentage. Prices are counted in whole cents, so that no fraction of one is lost.

/** What new prices end with: nothing special, whole amounts, steps of five cents, .90 or .99. */
export const ENDINGS = ['none', '.00', '.05', '.90', '.99'];

const MOST = 99_999_999;

/**
 * The new price of a product, in the shop's currency.
 * @param {number} price
 * @param {number} percent Such as 5 or -12.5.
 * @param {string} ending One of `ENDINGS`.
 */
export function changedPrice(price, percent, ending) {
  const cents = Math.round(price * 100);
  // Both factors are whole numbers, so that the product is exact.
  const exact = (cents * Math.round(10_000 + percent * 100)) / 10_000;
  const rounded = roundTo(exact, ending);
  return Math.min(Math.max(rounded, 1), MOST) / 100;
}

/** The nearest number of cents with an ending; of two equally near the higher one. */
function roundTo(cents, ending) {
  switch (ending) {
    case '.00':
      return Math.max(Math.round(cents / 100) * 100, 100);
    case '.05':
      return Math.max(Math.round(cents / 5) * 5, 5);
    case '.90':
      return endingWith(cents, 90);
    case '.99':
      return endingWith(cents, 99);
    default:
      return Math.round(cents);
  }
}

function endingWith(cents, ending) {
  return Math.max(Math.round((cents - ending) / 100), 0) * 100 + ending;
}
