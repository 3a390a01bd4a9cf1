const digitsOf = (text: string): number[] => [...text].map(Number);

/** Whether the digits of a card number fit its last one, by Luhn's rule; blanks and dashes are not digits. */
export const isCardNumber = (digits: string): boolean => {
  if (!/^\d{12,19}$/.test(digits) || /^0+$/.test(digits)) return false;
  const sum = digitsOf(digits)
    .reverse()
    .map((digit, place) => (place % 2 === 0 ? digit : digit * 2))
    .reduce((total, digit) => total + (digit > 9 ? digit - 9 : digit), 0);
  return sum % 10 === 0;
};

/** Whether nine digits are a routing number of a bank in the US: weighted by 3, 7 and 1 they sum up to tens. */
export const isRoutingNumber = (digits: string): boolean => {
  if (!/^\d{9}$/.test(digits) || /^0+$/.test(digits)) return false;
  const weights = [3, 7, 1];
  const sum = digitsOf(digits).reduce((total, digit, place) => total + digit * (weights[place % 3] ?? 0), 0);
  return sum % 10 === 0;
};
