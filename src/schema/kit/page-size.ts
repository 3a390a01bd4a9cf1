/** The number of items in a page of a connection. */
export const pageSize = { default: 50, max: 500 } as const;
