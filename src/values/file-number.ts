/** The form of a file number in input, as in "expected …". */
export const fileNumberForm = 'at most 50 letters and digits, as in R1001';

/** Returns a file number in the form in which file numbers are compared: in capitals, without surrounding blanks. */
export const canonicalFileNumber = (fileNumber: string | number): string =>
  String(fileNumber).trim().toUpperCase();

/** Returns the canonical form of a file number in input; `null` for a text that cannot be one. */
export const toFileNumber = (text: string): string | null =>
  // Checked before: the capitals of some letters are others, as of ß and ﬁ.
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/.test(text.trim()) ? canonicalFileNumber(text) : null;
