/**
 * Whether a text can identify a vehicle.
 *
 * Seventeen characters are a VIN, which has no I, O or Q; older vehicles, boats and trailers have others. The check
 * digit is not looked at: only North America has it, and the documented example's is wrong.
 */
export const isVehicleNumber = (text: string): boolean =>
  text.length === 17 ? /^[A-HJ-NPR-Z0-9]{17}$/.test(text) : /^[A-Z0-9-]{5,25}$/.test(text);
