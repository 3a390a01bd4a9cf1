/** What stands in a template for the key; no documented value holds it. */
export const hole = '@@@';

/** A text with holes for one key, filled by joining: it is done for every request. */
export interface Template {
  fill(key: string): string;
  /** How many bytes it has with a key of so many. */
  lengthWith(keyLength: number): number;
}

/** @param text of ASCII only, so that its length is that of its bytes. */
export const templateOf = (text: string): Template => {
  const parts = text.split(hole);
  const own = parts.reduce((sum, part) => sum + part.length, 0);
  return {
    fill: (key) => parts.join(key),
    lengthWith: (keyLength) => own + (parts.length - 1) * keyLength,
  };
};
