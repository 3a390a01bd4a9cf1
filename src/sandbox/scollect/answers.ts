// The shapes that answers come in, nearly all of them under HTTP 200. `state` is the background task's:
// it says SUCCESS for errors too.

export const succeed = (result: unknown) => ({ result, state: 'SUCCESS' });

/** Nothing found, or nothing done. */
export const nothing = () => succeed({ result: [] });

/** An error with no status. */
export const error = (text: string) => succeed({ error: text });

/** An error whose real status stands inside. */
export const errorWithStatus = (text: string, status: number) => succeed([{ error: text }, status]);

export const unknownAccount = 'Data not found for this filenumber';
