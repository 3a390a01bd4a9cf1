const digitsOf = (text: string): number[] => [...text].map(Number);

/** Whether a card number has a valid check digit (Luhn); blanks and dashes are not digits. */
export const isCardNumber = (digits: string): boolean => {
  if (!/^\d{12,19}$/.test(digits) || /^0+$/.test(digits)) return false;
  const sum = digitsOf(digits)
    .reverse()
    .map((digit, index) => (index % 2 === 0 ? digit : digit * 2))
    .reduce((total, digit) => total + (digit > 9 ? digit - 9 : digit), 0);
  return sum % 10 === 0;
};

/** Whether nine digits are a routing number of a US bank: weighted by 3, 7 and 1, their sum is a multiple of ten. */
export const isRoutingNumber = (digits: string): boolean => {
  if (!/^\d{9}$/.test(digits) || /^0+$/.test(digits)) return false;
  const weights = [3, 7, 1];
  const sum = digitsOf(digits).reduce((total, digit, index) => total + digit * (weights[index % 3] ?? 0), 0);
  return sum % 10 === 0;
};
