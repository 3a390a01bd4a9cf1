import { kept, photoUrl, written } from './canaries.ts';
import type { Answer } from './hunt.ts';

/** What an answer shows by design: to whom, in which fields, and nothing else. */
export const shownToAll: Readonly<Record<string, readonly string[]>> = { url: [photoUrl] };
// A caller that searches for an SSN receives accounts with it.
const ssns = [kept['SSN of a debtor'], kept['SSN of another'], written.SSN];
export const shownToSome: Readonly<Record<string, readonly string[]>> = {
  ...shownToAll,
  ssn: ssns,
  reportFileNumber: [kept['SSN of another'].replaceAll('-', ' ')],
  dateOfBirth: [kept['date of birth of a debtor']],
  driversLicenseNumber: [kept["driver's license"]],
  originalAccountNumber: [kept['number of an account']],
  clientAccountNumber: [kept['number of an account']],
  lienholderAccountNumber: [kept['number of an account']],
};

type Shown = Readonly<Record<string, readonly string[]>>;

/** The same answer without what may be shown there; and in which fields that was. */
export const withoutShown = (answer: Answer, allowed: Shown, fields = new Set<string>()): Answer => {
  const clean = JSON.stringify(JSON.parse(answer.body), (key, value: unknown) => {
    if (typeof value !== 'string' || !allowed[key]?.includes(value)) return value;
    fields.add(key);
    return '(shown)';
  });
  return { ...answer, text: answer.text.replace(answer.body, () => clean) };
};
