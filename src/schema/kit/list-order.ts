import { builder } from './builder.ts';

export const ListOrderEnum = builder.enumType('ListOrder', {
  description: 'The order of a list. Each order of a list has cursors of its own.',
  values: {
    AS_RECORDED: { description: 'The order of the upstream.' },
    NEWEST_FIRST: {
      description:
        'By the time that the argument names, newest first. Of equal times, what the upstream returns later comes first. Items without a readable time come last, among them also what the upstream returns later first.',
    },
  },
});

/** Whether a value of the argument `order`, which may be missing or null, asks for the newest items first. */
export const isNewestFirst = (order: unknown): boolean => order === 'NEWEST_FIRST';

/**
 * Sorts items as `NEWEST_FIRST` describes.
 *
 * @param timeOf returns a time as a text that sorts by time; `null` if there is none, or it cannot be read.
 */
export const newestFirst = <Item>(
  items: readonly Item[],
  timeOf: (item: Item) => string | null,
): readonly Item[] =>
  items
    .map((item, at) => ({ item, at, time: timeOf(item) ?? '' }))
    .sort((one, other) => {
      if (one.time === other.time) return other.at - one.at;
      return one.time < other.time ? 1 : -1;
    })
    .map(({ item }) => item);
