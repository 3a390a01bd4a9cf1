/** What is longer is not sent with each request. */
const longestText = 200;

/**
 * Creates a function that remembers what it found for short texts, which clients repeat in each request, as a header. It
 * must depend on the text alone, which must not be secret.
 *
 * @param most the number of texts; a further one replaces all.
 */
export const remembered = <Found>(find: (text: string) => Found, most = 100): ((text: string) => Found) => {
  const known = new Map<string, Found>();
  return (text) => {
    if (text.length > longestText) return find(text);
    const remembers = known.get(text);
    if (remembers !== undefined || known.has(text)) return remembers as Found;
    const found = find(text);
    if (known.size >= most) known.clear();
    known.set(text, found);
    return found;
  };
};
