/** Writes a time of day, `hh:mm`, in the 12-hour format: `13:43` as `1:43PM`. */
export const toTwelveHours = (time: string): string => {
  const [hours, minutes = '00'] = time.split(':');
  const hour = Number(hours);
  return `${hour % 12 || 12}:${minutes}${hour < 12 ? 'AM' : 'PM'}`;
};
