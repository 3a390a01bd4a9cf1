// Values that a form requires, or that software fills in, identify nobody: two records with the same one are unrelated.

/** The number of repetitions that make a pattern: `2323` may be a number, `232323` is not. */
const fewestRepeats = 3;

/** Whether the same one or two digits repeat to the end: 0000, 1212121. */
const isRepeated = (digits: string): boolean =>
  [1, 2].some(
    (period) => digits.length >= fewestRepeats * period && digits.slice(period) === digits.slice(0, -period),
  );

/** Whether the digits count up or down to the end; 0 follows 9: 12345, 7890123, 98765. */
const isRun = (digits: string): boolean =>
  [1, 9].some((step) =>
    [...digits.slice(1)].every((digit, index) => (Number(digits[index]) + step) % 10 === Number(digit)),
  );

const isPattern = (digits: string): boolean => isRepeated(digits) || isRun(digits);

/** Area codes and exchanges start with 2 to 9. Those that end with 11 are services, such as 911. */
const isCode = (code: string): boolean => /^[2-9](?!11)\d\d$/.test(code);

/** Directory assistance, in every area. */
const directoryAssistance = '5551212';

/** Whether a national number, `###-###-####`, identifies nobody. */
export const isFillerPhone = (national: string): boolean => {
  const [area = '', exchange = '', line = ''] = national.split('-');
  const local = exchange + line;
  return (
    !isCode(area) ||
    !isCode(exchange) ||
    local === directoryAssistance ||
    isPattern(local) ||
    isPattern(area + local)
  );
};

/** The shortest account number in the documents, 2321, has four digits. Leading zeros do not count. */
const fewestDigits = 4;

/** Whether an account number identifies nobody: a word, too few digits, or a pattern of digits. */
export const isFillerAccountNumber = (text: string): boolean => {
  const digits = text.replace(/\D/g, '').replace(/^0+/, '');
  return digits.length < fewestDigits || isPattern(digits);
};
