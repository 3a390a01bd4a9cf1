// The shapes of responses, nearly all with HTTP 200. `state` is that of the background task: it is SUCCESS for errors
// too.

export const succeed = (result: unknown) => ({ result, state: 'SUCCESS' });

/** Nothing was found or changed. */
export const nothing = () => succeed({ result: [] });

/** An error without a status. */
export const error = (text: string) => succeed({ error: text });

/** An error that contains its actual status. */
export const errorWithStatus = (text: string, status: number) => succeed([{ error: text }, status]);

export const unknownAccount = 'Data not found for this filenumber';
