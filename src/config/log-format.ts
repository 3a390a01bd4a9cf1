/** The formats of the log. */
export const logFormats = ['json', 'pretty'] as const;

/** The form of what the gateway writes to stdout and stderr. */
export interface OutputFormat {
  /** Whether the start-up report and the reason of a failed start are lines of JSON, as the log. */
  readonly isJson: boolean;
  /** Whether lines of the log are for people. */
  readonly isPretty: boolean;
}

/**
 * Returns the form of the output by `LOG_FORMAT`. By default everything is JSON in production, and for people on a terminal.
 * Otherwise the start-up report is a text, and the log is JSON.
 *
 * It is needed before the settings are read: an invalid value counts as none.
 */
export const outputFormatOf = (
  { LOG_FORMAT: format = '', NODE_ENV: environment = '' }: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): OutputFormat => {
  const set = format.trim();
  const isSet = set === 'json' || set === 'pretty';
  const isJson = isSet ? set === 'json' : environment.trim().toLowerCase() === 'production';
  return { isJson, isPretty: isSet ? set === 'pretty' : isTerminal && !isJson };
};
