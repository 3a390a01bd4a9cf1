/**
 * Whether a text can identify a vehicle.
 *
 * Seventeen characters are a VIN, which has no I, O or Q. Older vehicles, boats and trailers have other numbers. The
 * check digit is ignored: only North America uses it, and that of the documented example is wrong.
 */
export const isVehicleNumber = (text: string): boolean =>
  text.length === 17 ? /^[A-HJ-NPR-Z0-9]{17}$/.test(text) : /^[A-Z0-9-]{5,25}$/.test(text);
